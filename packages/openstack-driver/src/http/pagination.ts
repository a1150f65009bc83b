/**
 * How a list points at its next page (driver spec §3.4): `links` is `<key>_links[]` with `rel: next` (Nova, Neutron,
 * Cinder, Octavia), `next` is Glance's top-level path, `offset` is a list without either, where the next page starts at
 * the number of items seen.
 */
export type PageStyle = 'links' | 'next' | 'offset'
