import type { Fixture } from '../fixture.ts'
import type { Scenario } from '../scenario.ts'
import { givenVm } from './create-vm.ts'
import { attachedDisk } from './vms.ts'

const disk = async (fixture: Fixture, properties: object = {}): Promise<string> =>
  (await fixture.call('create_disk', [1024, properties])) as string // contract §6.10

const scenario = (
  name: string,
  purpose: Scenario['purpose'],
  args: (fixture: Fixture) => Promise<readonly unknown[]>,
): Scenario => ({
  name,
  purpose,
  given: async (fixture) => ({ method: name.split(':')[0] ?? '', arguments: await args(fixture) }),
})

export const diskScenarios: readonly Scenario[] = [
  scenario('create_disk: plain', 'create', async () => [2048, {}]),
  scenario('create_disk: type, near a VM', 'create', async (fixture) => [
    2048,
    { type: 'fast' },
    await givenVm(fixture),
  ]),
  scenario('delete_disk', 'delete', async (fixture) => [await disk(fixture)]),
  scenario('has_disk', 'read', async (fixture) => [await disk(fixture)]),
  scenario('attach_disk', 'create', async (fixture) => [await givenVm(fixture), await disk(fixture)]),
  scenario('attach_disk: attached', 'read', async (fixture) => {
    const vm = await givenVm(fixture)
    return [vm, await attachedDisk(fixture, vm)]
  }),
  scenario('detach_disk', 'change', async (fixture) => {
    const vm = await givenVm(fixture)
    return [vm, await attachedDisk(fixture, vm)]
  }),
  scenario('detach_disk: detached', 'read', async (fixture) => [await givenVm(fixture), await disk(fixture)]),
  scenario('resize_disk', 'change', async (fixture) => [await disk(fixture), 3072]),
  scenario('update_disk: size and type', 'change', async (fixture) => [
    await disk(fixture, { type: 'standard' }),
    3072,
    { type: 'fast' },
  ]),
  scenario('set_disk_metadata', 'change', async (fixture) => [await disk(fixture), { deployment: 'cf', job: 'web' }]),
  scenario('snapshot_disk', 'create', async (fixture) => [
    await attachedDisk(fixture, await givenVm(fixture)),
    { deployment: 'cf', job: 'web', index: 0 },
  ]),
  scenario('delete_snapshot', 'delete', async (fixture) => [
    await fixture.call('snapshot_disk', [await disk(fixture), {}]),
  ]),
]
