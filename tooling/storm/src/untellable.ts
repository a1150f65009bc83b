import type { TenantView } from '@openstack-cpi/harness/tenant'

/** Where volumes and snapshots are listed, and what their mark is called. */
const kinds = ['snapshots', 'volumes'] as const

/**
 * Removes what cannot be told from finished things: the call was killed after its last request, which took the mark away,
 * and before its answer was read (docs/leftovers.md). As an operator would, it goes by the list of what the director made;
 * whatever was not made by a killed call stays. To be called when the director itself has deleted all that it knows.
 */
export async function removeUntellable(
  view: TenantView,
  { uuid, killed }: { readonly uuid: string; readonly killed: ReadonlySet<string> },
): Promise<readonly string[]> {
  const removed: string[] = []
  for (const kind of kinds) {
    for (const row of await view.list('volumev3', `${kind}/detail`, kind)) {
      const metadata = row['metadata'] as Readonly<Record<string, string>> // Cinder's documented answer
      const isMarked = metadata['cpi_creation'] === 'unfinished'
      if (metadata['director_uuid'] !== uuid || isMarked || !killed.has(metadata['cpi_request_id'] ?? '')) continue
      const { status } = await view.request('DELETE', 'volumev3', `${kind}/${row['id']}`)
      if (status !== 202) throw new Error(`DELETE ${kind} ${row['id']}: HTTP ${status}`)
      removed.push(`${kind} ${row['id']}`)
      await gone(view, `${kind}/${row['id']}`, kind.slice(0, -1))
    }
  }
  return removed
}

async function gone(view: TenantView, path: string, key: string): Promise<void> {
  while ((await view.show('volumev3', path, key)) !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, 200)) // another system: it can only be asked
  }
}
