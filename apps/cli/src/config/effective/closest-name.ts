/** What operators bring along from other OpenStack tools. */
const synonyms: Readonly<Record<string, string>> = {
  password: 'api_key',
  user: 'username',
  user_name: 'username',
  project_name: 'project',
  tenant_name: 'tenant',
  tenant_id: 'project_id',
  domain_name: 'domain',
  region_name: 'region',
  interface: 'endpoint_type',
  security_groups: 'default_security_groups',
  key_name: 'default_key_name',
  cacert: 'connection_options.ca_cert',
  ca_cert: 'connection_options.ca_cert',
  insecure: 'connection_options.ssl_verify_peer',
}

/** The known name that was probably meant; undefined when none comes near. */
export function closestName(name: string, known: readonly string[]): string | undefined {
  const plain = name.toLowerCase().replaceAll('-', '_')
  const synonym = synonyms[plain]
  if (synonym !== undefined) return synonym
  const farthest = Math.max(1, Math.floor(name.length / 3))
  const [best] = known
    .map((candidate) => ({ candidate, distance: editDistance(plain, candidate) }))
    .filter(({ distance }) => distance <= farthest)
    .sort((a, b) => a.distance - b.distance)
  return best?.candidate
}

/** Letters to insert, delete, replace, or swap with their neighbour (optimal string alignment). */
export function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= from.length; row++) {
    const above = rows[row - 1] ?? []
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1]
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current[column] = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (rows[row - 2]?.[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    rows.push(current)
  }
  return rows[from.length]?.[to.length] ?? 0
}
