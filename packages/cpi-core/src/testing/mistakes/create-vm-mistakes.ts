import type { CreatedVm, CreateVm } from '../../contract/cpi.ts'
import { isCpiError } from '../../errors/cpi-error.ts'
import { vmCreationFailed } from '../../errors/failures.ts'
import type { JsonObject } from '../../model/json.ts'
import { neverAborted } from '../../rollback/never-aborted.ts'
import { correctCpi } from './apply-mistake.ts'
import { type CorrectMethods, listIn, type Mistake } from './mistake.ts'

/** A `create_vm` that is asked for something else than the director asked for. */
const asking =
  (change: (request: CreateVm) => object): NonNullable<Mistake['change']> =>
  ({ createVm }) => ({ createVm: (request: CreateVm) => createVm({ ...request, ...change(request) }) })

/** A `create_vm` after which something else is done, or answered. */
const after =
  (change: (created: CreatedVm, request: CreateVm, correct: CorrectMethods) => Promise<object | undefined> | object) =>
  (correct: CorrectMethods): object => ({
    createVm: async (request: CreateVm) => {
      const created = await correct.createVm(request)
      return { ...created, ...(await change(created, request, correct)) }
    },
  })

const changeEach = (networks: JsonObject, change: (settings: JsonObject) => JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(networks).map(([name, settings]) => [name, change(settings as JsonObject)]))

/** Mistakes in `create_vm`, and in what the agent of a VM reads. */
export const createVmMistakes: readonly Mistake[] = [
  {
    name: 'the agent settings are empty',
    foundBy: 'the agent of',
    probes: ['agentSettings'],
    shows: () => ({ agentSettings: () => ({}) }),
  },
  {
    name: 'the agent settings have an empty agent_id',
    foundBy: 'the agent of',
    probes: ['agentSettings'],
    change: asking(() => ({ agentId: '' })),
  },
  {
    name: 'the agent settings lack the env',
    foundBy: 'the agent of',
    probes: ['agentSettings'],
    change: asking(() => ({ env: {} })),
  },
  {
    name: 'the agent settings have more in env than the director sent',
    foundBy: 'the agent of',
    probes: ['agentSettings'],
    change: asking(({ env }) => ({ env: { ...env, persistent_disk_fs: 'xfs' } })),
  },
  {
    name: 'the agent settings have a number as prefix',
    foundBy: 'create_vm answers the',
    probes: ['agentSettings'],
    change: asking(({ networks }) => ({
      networks: networks.map(({ prefix: _, ...network }) => ({ ...network, raw: { ...network.raw, prefix: 24 } })),
    })),
  },
  {
    name: 'the agent settings lack a network',
    foundBy: 'the agent of',
    probes: ['agentSettings'],
    shows: (probes) => ({
      agentSettings: async (vm) => ({ ...((await probes.agentSettings?.(vm)) as JsonObject), networks: {} }),
    }),
  },
  {
    name: 'nothing is undone when the start fails late',
    foundBy: 'a create_vm that fails',
    failing: 'create_vm',
    change: ({ createVm }) => ({
      createVm: (request: CreateVm) =>
        createVm(request).catch(async (error: unknown) => {
          await createVm(request) // what the failed one left
          throw error
        }),
    }),
  },
  {
    name: 'an interrupted create_vm undoes nothing',
    foundBy: 'a create_vm that is',
    change: (_correct, { call, harness }) => ({
      createVm: async (request: CreateVm) => {
        const uninterrupted = await correctCpi(harness, { ...call, signal: neverAborted() })
        const created = await uninterrupted.createVm(request)
        await new Promise((resolve) => setTimeout(resolve, 20)) // a cloud in memory would be too quick to interrupt
        call.signal.throwIfAborted()
        return created
      },
    }),
  },
  {
    name: 'create_vm attaches the disks it is told of',
    foundBy: 'create_vm attaches none',
    probes: ['guestDisks'],
    change: after(async ({ vm }, { disks }, { attachDisk }) => {
      for (const disk of disks) await attachDisk(vm, disk)
      return {}
    }),
  },
  {
    name: 'create_vm forgets a network in its answer',
    foundBy: 'create_vm answers the',
    change: after(({ networks }) => ({ networks: Object.fromEntries(Object.entries(networks).slice(1)) })),
  },
  {
    name: 'create_vm changes the order of the networks',
    foundBy: 'create_vm answers the',
    needsNetworks: true,
    change: after(({ networks }) => ({ networks: Object.fromEntries(Object.entries(networks).reverse()) })),
  },
  {
    name: 'create_vm answers the CID alone',
    foundBy: 'create_vm answers the',
    change: ({ createVm }) => ({ createVm: async (request: CreateVm) => (await createVm(request)).vm }),
  },
  {
    name: 'create_vm answers a MAC in upper case',
    foundBy: 'create_vm answers the',
    change: after(({ networks }) => ({
      networks: changeEach(networks, (settings) => ({ ...settings, mac: 'FA:16:3E:00:00:01' })),
    })),
  },
  {
    name: 'create_vm answers networks without what the director sent',
    foundBy: 'create_vm answers the',
    change: after(({ networks }) => ({ networks: changeEach(networks, () => ({ use_dhcp: true })) })),
  },
  {
    name: 'create_vm answers a VM that an earlier call made',
    foundBy: 'each create_vm makes',
    change: ({ createVm }, { memory }) => ({
      createVm: async (request: CreateVm) => {
        const made = listIn<CreatedVm>(memory, 'made')
        if (made[0] === undefined) made.push(await createVm(request))
        return made[0]
      },
    }),
  },
  {
    name: 'create_vm answers a VM that is powered off',
    foundBy: 'create_vm answers when',
    probes: ['isRunning', 'crashVm'],
    change: ({ createVm }, { harness }) => ({
      createVm: async (request: CreateVm) => {
        const created = await createVm(request)
        await harness.probes?.crashVm?.(created.vm)
        return created
      },
    }),
  },
  {
    name: 'create_vm that cannot succeed is to be retried',
    foundBy: 'a create_vm that cannot',
    change: ({ createVm }) => ({
      createVm: (request: CreateVm) =>
        createVm(request).catch((cause: unknown) => {
          throw vmCreationFailed('again', { cause, okToRetry: true })
        }),
    }),
  },
  {
    name: 'create_vm answers NotSupported when the cloud refuses',
    foundBy: 'a create_vm that cannot',
    change: ({ createVm }) => ({
      createVm: (request: CreateVm) =>
        createVm(request).catch((error: unknown) => {
          throw isCpiError(error) ? Object.assign(error, { code: 'NotSupported' }) : error
        }),
    }),
  },
  {
    name: 'calculate_vm_cloud_properties answers what create_vm refuses',
    foundBy: 'calculate_vm_cloud_properties answers properties',
    needs: 'calculate_vm_cloud_properties',
    change: ({ createVm, calculateVmCloudProperties: calculate }) => ({
      calculateVmCloudProperties: async (...wanted: Parameters<typeof calculate>) => ({
        ...(await calculate(...wanted)),
        computed: true,
      }),
      createVm: async (request: CreateVm) => {
        if ('computed' in request.cloudProperties) throw vmCreationFailed("unknown property 'computed'")
        return await createVm(request)
      },
    }),
  },
  {
    name: 'calculate_vm_cloud_properties answers nothing',
    foundBy: 'calculate_vm_cloud_properties answers properties',
    needs: 'calculate_vm_cloud_properties',
    change: () => ({ calculateVmCloudProperties: async () => undefined }),
  },
]
