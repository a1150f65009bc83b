import type { PropertyDoc } from '@openstack-cpi/openstack-driver/documentation'

const inTable = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** Properties, a row each. */
export function propertyTable(docs: Readonly<Record<string, PropertyDoc>>): string {
  const rows = Object.entries(docs).map(([name, doc]) =>
    [`\`${name}\``, doc.type, doc.default, doc.meaning, `\`${JSON.stringify(doc.example)}\``, doc.knownTo]
      .map(inTable)
      .join(' | '),
  )
  return [
    '| property | type | default | meaning | example | known to |',
    '|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}
