import type { VmCid } from '../../src/model/cid.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { InMemoryCpi } from '../../src/testing/in-memory-cpi.ts'

/** A mistake that authors of CPIs make: its name, and how it gets into a correct CPI. */
export type Mistake = readonly [name: string, mistake: (cpi: InMemoryCpi) => void]

/** What the driver of a mistake overrides: methods of a class without types. */
export const override = (cpi: InMemoryCpi, methods: object): void => void Object.assign(cpi, methods)

export const settingsOf = (cpi: InMemoryCpi, vm: VmCid, change: (settings: JsonObject) => JsonObject): void => {
  const found = cpi.cloud.vms.get(vm)
  if (found !== undefined) found.agentSettings = change(found.agentSettings)
}

/** Mistakes in `create_vm`, by what is done to a VM that was created. */
export const afterCreateVm = (cpi: InMemoryCpi, change: (vm: VmCid) => void): void => {
  const create = cpi.createVm.bind(cpi)
  cpi.createVm = async (request) => {
    const created = await create(request)
    change(created.vm)
    return created
  }
}

export const asNoError = async <R>(act: () => Promise<R>, instead: R): Promise<R> => {
  try {
    return await act()
  } catch {
    return instead
  }
}
