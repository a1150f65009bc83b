/** `2026-11-22T07:42:53Z`: Nova, Glance, Neutron. */
export const isoSeconds = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}Z`

/** `2026-11-22T07:42:53.123000`: Cinder, Nova's `launched_at`. */
export const isoMicros = (epochMs: number): string => {
  const micros = Math.round((epochMs - Math.floor(epochMs)) * 1000)
  return `${new Date(epochMs).toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}`
}

/** `2026-11-22T07:42:53.000000Z`: Keystone. */
export const isoMicrosZ = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}.000000Z`

/** `2026-11-22T07:42:53`: Octavia. */
export const isoPlain = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 19)
