import { ExchangeError } from './exchange.ts'

/** No list page or document of a cloud comes near it; it bounds what a broken or hostile answer can take. */
const largestBodyBytes = 64 * 1024 * 1024

/** The body of an answer while it comes in: bounded, and decoded at the end. */
export class ReceivedBody {
  readonly #chunks: Uint8Array[] = []
  #bytes = 0

  /** Throws `ExchangeError` of reason `too-large`. */
  add(chunk: Uint8Array): void {
    requireSize(this.#bytes + chunk.length)
    this.#bytes += chunk.length
    this.#chunks.push(chunk)
  }

  /**
   * The whole as text. Encodings are never asked for, but some proxies compress all the same.
   * @param encoding `Content-Encoding` of the answer
   */
  text(encoding: string | undefined): Promise<string> {
    return decodeBody(Buffer.concat(this.#chunks), encoding)
  }
}

/** Throws `ExchangeError` of reason `too-large` for more bytes than any answer has. */
export function requireSize(bytes: number): void {
  if (bytes > largestBodyBytes) throw tooLarge()
}

/** Text of a body in an encoding. Throws `ExchangeError`: `too-large`, or `network` when the encoding is not held to. */
export async function decodeBody(bytes: Uint8Array, encoding: string | undefined): Promise<string> {
  const names = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  let decoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const name of names.toReversed()) if (decoded.length > 0) decoded = await decodeOnce(decoded, name)
  return decoded.toString('utf8')
}

async function decodeOnce(bytes: Buffer, encoding: string): Promise<Buffer<ArrayBuffer>> {
  const zlib = await import('node:zlib')
  const limits = { maxOutputLength: largestBodyBytes }
  try {
    switch (encoding) {
      case 'gzip':
      case 'x-gzip':
      case 'deflate':
        return Buffer.from(zlib.unzipSync(bytes, limits))
      case 'br':
        return Buffer.from(zlib.brotliDecompressSync(bytes, limits))
      default:
        throw new ExchangeError('network', `The answer has an unknown encoding, '${encoding}'`, true)
    }
  } catch (error) {
    if (error instanceof ExchangeError) throw error
    if (error instanceof RangeError) throw tooLarge() // zlib's error for maxOutputLength
    throw new ExchangeError('network', `The answer is no valid ${encoding}: ${String(error)}`, true, error)
  }
}

const tooLarge = (): ExchangeError =>
  new ExchangeError('too-large', `The answer is larger than ${largestBodyBytes} bytes`, true)
