import type { Scenario, Stage } from '../scenario.ts'
import { givenVm } from './create-vm.ts'
import { attachedDisk } from './vms.ts'

const disk = async (stage: Stage, properties: object = {}): Promise<string> =>
  (await stage.call('create_disk', [1024, properties])) as string // contract §6.10

const scenario = (
  name: string,
  purpose: Scenario['purpose'],
  args: (stage: Stage) => Promise<readonly unknown[]>,
): Scenario => ({
  name,
  purpose,
  given: async (stage) => ({ method: name.split(':')[0] ?? '', arguments: await args(stage) }),
})

export const diskScenarios: readonly Scenario[] = [
  scenario('create_disk: plain', 'create', async () => [2048, {}]),
  scenario('create_disk: type, near a VM', 'create', async (stage) => [2048, { type: 'fast' }, await givenVm(stage)]),
  scenario('delete_disk', 'delete', async (stage) => [await disk(stage)]),
  scenario('has_disk', 'read', async (stage) => [await disk(stage)]),
  scenario('attach_disk', 'create', async (stage) => [await givenVm(stage), await disk(stage)]),
  scenario('attach_disk: attached', 'read', async (stage) => {
    const vm = await givenVm(stage)
    return [vm, await attachedDisk(stage, vm)]
  }),
  scenario('detach_disk', 'change', async (stage) => {
    const vm = await givenVm(stage)
    return [vm, await attachedDisk(stage, vm)]
  }),
  scenario('detach_disk: detached', 'read', async (stage) => [await givenVm(stage), await disk(stage)]),
  scenario('resize_disk', 'change', async (stage) => [await disk(stage), 3072]),
  scenario('update_disk: size and type', 'change', async (stage) => [
    await disk(stage, { type: 'standard' }),
    3072,
    { type: 'fast' },
  ]),
  scenario('set_disk_metadata', 'change', async (stage) => [await disk(stage), { deployment: 'cf', job: 'web' }]),
  scenario('snapshot_disk', 'create', async (stage) => [
    await attachedDisk(stage, await givenVm(stage)),
    { deployment: 'cf', job: 'web', index: 0 },
  ]),
  scenario('delete_snapshot', 'delete', async (stage) => [await stage.call('snapshot_disk', [await disk(stage), {}])]),
]
