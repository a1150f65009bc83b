import { type Cpi, CpiError, diskCid, type JsonObject, snapshotCid, stemcellCid, vmCid } from '@openstack-cpi/cpi-core'

/** How requests reach the cloud: `fetch`, or something in its place for tests. */
export type Send = (request: Request) => Promise<Response>

/** What the cloud refused. The dispatcher makes a `CloudError` of it wherever no better type is known. */
class ToyRefusal extends Error {
  readonly status: number
  constructor(what: string, status: number, reason: string) {
    super(`${what}: the toy cloud answered ${status}: ${reason}`)
    this.status = status
  }
}

/** A CPI for a cloud with images, servers, volumes and snapshots. One per call: it keeps nothing. */
export function createToyCpi(url: string, send: Send): Cpi {
  const request = async (method: string, path: string, body?: JsonObject): Promise<JsonObject> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
    const answer = await send(new Request(`${url}/${path}`, init))
    const text = await answer.text()
    if (!answer.ok) throw new ToyRefusal(`${method} ${path}`, answer.status, text)
    return text === '' ? {} : JSON.parse(text)
  }
  const make = async (kind: string, body: JsonObject): Promise<string> =>
    String((await request('POST', kind, body))['id'])
  const find = async (kind: string, id: string): Promise<JsonObject | undefined> => {
    try {
      return await request('GET', `${kind}/${encodeURIComponent(id)}`)
    } catch (error) {
      if (error instanceof ToyRefusal && error.status === 404) return undefined
      throw error // "I do not know" is no "no": the director would take a disk for lost
    }
  }
  const remove = async (kind: string, id: string): Promise<void> => {
    try {
      await request('DELETE', `${kind}/${encodeURIComponent(id)}`)
    } catch (error) {
      if (!(error instanceof ToyRefusal && error.status === 404)) throw error // gone already is a success
    }
  }
  const change = (kind: string, id: string, body: JsonObject) =>
    request('PATCH', `${kind}/${encodeURIComponent(id)}`, body)
  const existing = async (kind: 'servers' | 'volumes', id: string): Promise<JsonObject> => {
    const found = await find(kind, id)
    if (found !== undefined) return found
    throw new CpiError(kind === 'servers' ? 'VmNotFound' : 'DiskNotFound', `There is nothing at ${kind}/${id}`)
  }
  const label = async (kind: 'servers' | 'volumes', id: string, metadata: JsonObject): Promise<void> => {
    const { labels } = await existing(kind, id)
    await change(kind, id, { labels: { ...Object(labels), ...metadata } })
  }

  return {
    createStemcell: async ({ imagePath, cloudProperties }) =>
      stemcellCid(await make('images', { file: imagePath, ...cloudProperties })),
    deleteStemcell: (stemcell) => remove('images', stemcell),

    createVm: async ({ agentId, stemcell, cloudProperties, networks, env }) => {
      let made: string | undefined
      try {
        const settings = { agent: agentId, networks: networks.map(({ name }) => name), env }
        made = await make('servers', { image: stemcell, size: cloudProperties['size'] ?? 'small', settings })
        await change('servers', made, { power: 'on' })
      } catch (cause) {
        if (made !== undefined) await remove('servers', made) // whatever fails leaves nothing behind
        throw new CpiError('VmCreationFailed', `create_vm: ${String(cause)}`, { cause })
      }
      return { vm: vmCid(made), networks: Object.fromEntries(networks.map(({ name, raw }) => [name, raw])) }
    },
    deleteVm: (vm) => remove('servers', vm),
    hasVm: async (vm) => (await find('servers', vm)) !== undefined,
    rebootVm: async (vm) => {
      await existing('servers', vm)
      await change('servers', vm, { power: 'cycle' })
    },
    setVmMetadata: (vm, metadata) => label('servers', vm, metadata),

    createDisk: async ({ sizeMiB }) => diskCid(await make('volumes', { mib: sizeMiB })),
    deleteDisk: (disk) => remove('volumes', disk),
    hasDisk: async (disk) => (await find('volumes', disk)) !== undefined,
    attachDisk: async (vm, disk) => {
      await existing('servers', vm)
      const { attached } = await existing('volumes', disk)
      if (attached !== vm) await change('volumes', disk, { attached: vm })
      return `/dev/disk/by-id/toy-${disk}` // the agent finds the disk by this
    },
    detachDisk: async (vm, disk) => {
      await existing('servers', vm)
      if ((await find('volumes', disk))?.['attached'] === vm) await change('volumes', disk, { attached: null })
    },
    setDiskMetadata: (disk, metadata) => label('volumes', disk, metadata),

    snapshotDisk: async (disk) => {
      await existing('volumes', disk)
      return snapshotCid(await make('snapshots', { volume: disk }))
    },
    deleteSnapshot: (snapshot) => remove('snapshots', snapshot),
  }
}
