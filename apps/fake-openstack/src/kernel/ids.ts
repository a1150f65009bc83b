/**
 * Ids that look random and are the same in every run: a counter, mixed (SplitMix64-like, in 32 bits) with a seed. The
 * counter is part of the cloud's state, so a reset cloud makes the same ids again.
 */
export class Ids {
  readonly #seed: number
  counter = 0

  constructor(seed = 1) {
    this.#seed = seed
  }

  /** `xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx` */
  uuid(): string {
    const h = this.hex()
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${'89ab'[Number.parseInt(h.charAt(16), 16) & 3]}${h.slice(17, 20)}-${h.slice(20)}`
  }

  /** 32 hex digits: ids of Keystone. */
  hex(): string {
    return this.#word() + this.#word() + this.#word() + this.#word()
  }

  /** Request ids of the services: `req-<uuid>`. */
  requestId(): string {
    return `req-${this.uuid()}`
  }

  /** `fa:16:3e:xx:xx:xx`, Neutron's base address. */
  mac(): string {
    const h = this.#word()
    return `fa:16:3e:${h.slice(0, 2)}:${h.slice(2, 4)}:${h.slice(4, 6)}`
  }

  /** Letters and digits without look-alikes, for passwords and reservation ids. */
  word(length: number): string {
    const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
    let out = ''
    for (let i = 0; i < length; i += 1) out += letters[Number.parseInt(this.#word(), 16) % letters.length]
    return out
  }

  /** URL-safe base64-like text, for tokens and secrets. */
  secret(length: number): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    let out = ''
    while (out.length < length) {
      let word = Number.parseInt(this.#word(), 16)
      for (let i = 0; i < 5 && out.length < length; i += 1) {
        out += letters[word & 63]
        word >>>= 6
      }
    }
    return out
  }

  #word(): string {
    this.counter += 1
    let x = (Math.imul(this.counter, 0x9e3779b1) ^ Math.imul(this.#seed + 0x7f4a7c15, 0x85ebca6b)) >>> 0
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
    x = (x ^ (x >>> 15)) >>> 0
    return x.toString(16).padStart(8, '0')
  }
}
