import type { CloudDescription } from './cloud-description.ts'
import { type CreatedVm, createVmArguments } from './create-vm.ts'
import type { CpiAnswer, Director } from './director.ts'
import { stemcellCloudProperties } from './stemcell.ts'

/** One call of the life cycle, and what it was for. */
export interface Step {
  readonly method: string
  /** In the words of an operator. */
  readonly purpose: string
  readonly answer: CpiAnswer
}

export interface LifeCycleOptions {
  readonly director: Pick<Director, 'call'>
  readonly cloud: CloudDescription
  /** The `image` file of a heavy stemcell. */
  readonly imagePath: string
  /** On network `bosh-net`. */
  readonly ip: string
  readonly onStart?: (method: string, purpose: string) => void
  readonly onStep?: (step: Step) => void
}

/**
 * A stemcell, a VM and a disk through their whole life, in the order of a director's own work (contract §6.24).
 * Stops at the first error answer, which is the last step then.
 */
export async function runLifeCycle(options: LifeCycleOptions): Promise<readonly Step[]> {
  const { director, cloud } = options
  const steps: Step[] = []
  const call = async (method: string, purpose: string, args: readonly unknown[]): Promise<unknown> => {
    options.onStart?.(method, purpose)
    const answer = await director.call(method, args)
    const step = { method, purpose, answer }
    steps.push(step)
    options.onStep?.(step)
    if (answer.error) throw new StoppedByError()
    return answer.result
  }
  try {
    await call('info', 'what can this CPI do?', [])
    const stemcell = await call('create_stemcell', 'upload a stemcell', [options.imagePath, stemcellCloudProperties])
    await call('calculate_vm_cloud_properties', 'find the smallest fitting flavor', [
      { cpu: 1, ram: 512, ephemeral_disk_size: 1024 },
    ])
    const env = { bosh: { group: 'director-cf-web' } }
    const params = { agent: 'agent-4d1f', stemcell, networks: options.ip, env }
    const created = await call('create_vm', 'boot a VM with a manual network', createVmArguments(cloud, params))
    const [vm] = created as CreatedVm
    const metadata = { director: 'demo', deployment: 'cf', job: 'web', index: '0', name: 'web/4d1f' }
    await call('set_vm_metadata', 'say whose VM it is', [vm, metadata])
    await call('has_vm', 'is it there?', [vm])
    const disk = await call('create_disk', 'make a 2 GiB persistent disk', [2048, {}, vm])
    await call('has_disk', 'is it there?', [disk])
    await call('attach_disk', 'attach it', [vm, disk])
    await call('set_disk_metadata', 'say whose disk it is', [disk, { deployment: 'cf', instance_group: 'web' }])
    await call('get_disks', 'which disks has the VM?', [vm])
    const snapshot = await call('snapshot_disk', 'take a snapshot', [disk, { deployment: 'cf', job: 'web', index: 0 }])
    await call('delete_snapshot', 'delete the snapshot', [snapshot])
    await call('detach_disk', 'detach the disk', [vm, disk])
    await call('resize_disk', 'grow it to 3 GiB', [disk, 3072])
    await call('reboot_vm', 'reboot the VM', [vm])
    await call('delete_vm', 'delete the VM', [vm])
    await call('delete_disk', 'delete the disk', [disk])
    await call('delete_stemcell', 'delete the stemcell', [stemcell])
  } catch (error) {
    if (!(error instanceof StoppedByError)) throw error
  }
  return steps
}

class StoppedByError extends Error {}
