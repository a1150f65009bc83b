import { vmCreationFailed } from '../../src/errors/failures.ts'
import { vmCid } from '../../src/model/cid.ts'
import { afterCreateVm, type Mistake, settingsOf } from './mistake.ts'

/** Mistakes in `create_vm` and in what the agent of a VM reads. */
export const createVmMistakes: readonly Mistake[] = [
  ['the agent settings are empty', (cpi) => afterCreateVm(cpi, (vm) => settingsOf(cpi, vm, () => ({})))],
  [
    'the agent settings have no agent_id',
    (cpi) => afterCreateVm(cpi, (vm) => settingsOf(cpi, vm, ({ agent_id: _, ...rest }) => rest)),
  ],
  [
    'the agent settings lack the env',
    (cpi) => afterCreateVm(cpi, (vm) => settingsOf(cpi, vm, ({ env: _, ...rest }) => rest)),
  ],
  [
    'the agent settings have a number as prefix',
    (cpi) =>
      afterCreateVm(cpi, (vm) =>
        settingsOf(cpi, vm, (settings) => ({ ...settings, networks: { b: { prefix: 24 }, a: {} } })),
      ),
  ],
  [
    'the agent settings lack a network',
    (cpi) => afterCreateVm(cpi, (vm) => settingsOf(cpi, vm, (settings) => ({ ...settings, networks: { b: {} } }))),
  ],
  [
    'nothing is undone when the start fails late',
    (cpi) => {
      const create = cpi.createVm.bind(cpi)
      cpi.createVm = async (request) => {
        const before = new Map(cpi.cloud.vms)
        try {
          return await create(request)
        } catch (error) {
          if (!before.size && cpi.cloud.stemcells.has(request.stemcell) && /did not start/.test(String(error))) {
            cpi.cloud.vms.set(vmCid('vm-left'), { state: 'crashed', metadata: {}, agentSettings: {}, disks: [] })
          }
          throw error
        }
      }
    },
  ],
  [
    'create_vm attaches the disks it is told of',
    (cpi) => {
      const create = cpi.createVm.bind(cpi)
      cpi.createVm = async (request) => {
        const created = await create(request)
        for (const disk of request.disks) await cpi.attachDisk(created.vm, disk)
        return created
      }
    },
  ],
  [
    'create_vm forgets a network',
    (cpi) => {
      const create = cpi.createVm.bind(cpi)
      cpi.createVm = async (request) => {
        const { vm, networks } = await create(request)
        return { vm, networks: Object.fromEntries(Object.entries(networks).slice(1)) }
      }
    },
  ],
  [
    'create_vm answers a MAC in upper case',
    (cpi) => {
      const create = cpi.createVm.bind(cpi)
      cpi.createVm = async (request) => {
        const { vm, networks } = await create(request)
        const withMac = Object.entries(networks).map(([name, it]) => [
          name,
          { ...(it as object), mac: 'FA:16:3E:00:00:01' },
        ])
        return { vm, networks: Object.fromEntries(withMac) }
      }
    },
  ],
  [
    'create_vm that cannot succeed is to be retried',
    (cpi) => {
      const create = cpi.createVm.bind(cpi)
      cpi.createVm = async (request) => {
        if (!cpi.cloud.stemcells.has(request.stemcell)) throw vmCreationFailed('no stemcell', { okToRetry: true })
        return await create(request)
      }
    },
  ],
  [
    'calculate_vm_cloud_properties answers what create_vm refuses',
    (cpi) => {
      const create = cpi.createVm.bind(cpi)
      cpi.createVm = async (request) => {
        if ('ram' in request.cloudProperties) throw vmCreationFailed("unknown property 'ram'")
        return await create(request)
      }
    },
  ],
]
