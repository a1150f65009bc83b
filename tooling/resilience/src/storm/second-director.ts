import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'
import { type CreatedVm, createVmArguments } from '@openstack-cpi/harness/create-vm'
import { Director } from '@openstack-cpi/harness/director'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { otherDirectorUuid } from '../cpi-request.ts'

/**
 * A second director in the same project, whose resources the storm and the search for leftovers must not touch: a VM
 * that it knows, one whose creation it does not know yet, and a disk of the first.
 */
export class SecondDirector {
  readonly #cloud: CloudDescription
  readonly #director: Director
  #vm = ''
  #unfinishedVm = ''
  #disk = ''

  constructor(cloud: CloudDescription, configFile: string, cacheFolder: string) {
    this.#cloud = cloud
    this.#director = new Director({
      configFile,
      directorUuid: otherDirectorUuid,
      environment: { OPENSTACK_CPI_CACHE_DIR: cacheFolder },
    })
  }

  async createResources(): Promise<void> {
    this.#vm = await this.#createVm('10.10.1.10')
    await this.#director.ask('set_vm_metadata', [this.#vm, { director: 'second', name: 'second/0' }])
    this.#disk = String(await this.#director.ask('create_disk', [1024, {}, this.#vm]))
    await this.#director.ask('attach_disk', [this.#vm, this.#disk])
    this.#unfinishedVm = await this.#createVm('10.10.1.11')
  }

  /** Everything that it has, as `kind id`. */
  async owned(): Promise<ReadonlySet<string>> {
    const view = await TenantView.login(this.#cloud)
    const vms = [this.#vm, this.#unfinishedVm]
    const ports = await Promise.all(vms.map((vm) => view.portsOf(vm)))
    return new Set([
      ...vms.map((vm) => `servers ${vm}`),
      ...ports.flat().map((port) => `ports ${port['id']}`),
      `volumes ${this.#disk}`,
    ])
  }

  /** Throws unless both VMs and the disk are as they were. */
  async expectUntouched(): Promise<void> {
    const view = await TenantView.login(this.#cloud)
    for (const vm of [this.#vm, this.#unfinishedVm]) {
      const server = await view.server(vm)
      if (server?.['status'] !== 'ACTIVE')
        throw new Error(`the second director's VM ${vm} is ${server?.['status'] ?? 'gone'}`)
      const ports = await view.portsOf(vm)
      if (ports.length !== 1) throw new Error(`the second director's VM ${vm} has ${ports.length} ports`)
    }
    const disk = await view.volume(this.#disk)
    if (disk?.['status'] !== 'in-use') throw new Error(`the second director's disk is ${disk?.['status'] ?? 'gone'}`)
  }

  async deleteResources(): Promise<void> {
    await this.#director.ask('detach_disk', [this.#vm, this.#disk])
    await this.#director.ask('delete_disk', [this.#disk])
    await this.#director.ask('delete_vm', [this.#vm])
    await this.#director.ask('delete_vm', [this.#unfinishedVm])
  }

  async #createVm(ip: string): Promise<string> {
    const params = { agent: 'agent-second', networks: ip }
    const made = await this.#director.ask('create_vm', createVmArguments(this.#cloud, params))
    return (made as CreatedVm)[0]
  }
}
