import type { FakeOpenStack } from 'fake-openstack'
import { expect, test } from 'vitest'
import { complaints, examined, idOf, type Question } from './doctor-cloud.ts'

const libvirt = { deviceNames: 'next-free' } as const

/** What a director and its VM do to the cloud, by ids that the test chooses. */
class GivenVm {
  readonly #cloud: FakeOpenStack
  readonly #disks = new Map<string, string>()
  #server = ''

  private constructor(cloud: FakeOpenStack) {
    this.#cloud = cloud
  }

  static async create(cloud: FakeOpenStack, flavorRef: string, metadata: object): Promise<GivenVm> {
    const vm = new GivenVm(cloud)
    const imageRef = idOf(cloud, 'images', 'tiny-image')
    const networks = [{ uuid: idOf(cloud, 'networks', 'bosh-net') }]
    const body = { server: { name: 'nats/0', imageRef, flavorRef, networks, metadata } }
    vm.#server = String(Object(await vm.#send('POST', 'compute/v2.1/servers', body)).server.id)
    return vm
  }

  async attach(name: string): Promise<void> {
    const volumes = `volume/v3/${this.#cloud.projectId('bosh')}/volumes`
    const known = this.#disks.get(name)
    const id = known ?? String(Object(await this.#send('POST', volumes, { volume: { size: 1 } })).volume.id)
    this.#disks.set(name, id)
    const path = `compute/v2.1/servers/${this.#server}/os-volume_attachments`
    await this.#send('POST', path, { volumeAttachment: { volumeId: id } })
  }

  async detach(name: string): Promise<void> {
    await this.#send('DELETE', `compute/v2.1/servers/${this.#server}/os-volume_attachments/${this.#disks.get(name)}`)
  }

  /** The name of the disk in place of its id. */
  named(text: string): string {
    return [...this.#disks].reduce((shown, [name, id]) => shown.replaceAll(id, name), text)
  }

  async #send(method: string, path: string, body?: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json', 'x-auth-token': await this.#cloud.token('bosh') }
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await this.#cloud.fetch(`${this.#cloud.url}/${path}`, { method, headers, ...sent })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    this.#cloud.clock.advance('5s')
    const text = await answer.text()
    return text === '' ? {} : JSON.parse(text)
  }
}

const ofDirector = { director: 'bosh', deployment: 'cf', job: 'nats' }

/** What `doctor` says about the letters of one VM, with the names of disks. */
async function lettersOf(
  steps: (vm: GivenVm) => Promise<void>,
  { deep = true, flavor = '1', metadata = ofDirector }: { deep?: boolean; flavor?: string; metadata?: object } = {},
): Promise<readonly string[]> {
  let made: GivenVm | undefined
  const question: Question = {
    cloud: libvirt,
    deep,
    prepare: async (cloud) => {
      made = await GivenVm.create(cloud, flavor, metadata)
      await steps(made)
    },
  }
  const { report } = await examined(question)
  return complaints(report).map((text) => made?.named(text) ?? text)
}

const replaceDisk = async (vm: GivenVm) => {
  await vm.attach('A')
  await vm.attach('B')
  await vm.detach('A')
}

test('--deep names a VM whose disk was replaced, since its letters have a gap', async () => {
  expect(await lettersOf(replaceDisk)).toEqual([
    expect.stringMatching(
      /^warning: disk letters: server nats\/0 .*volume B at \/dev\/vdc \(a letter .* free\).*recreate/,
    ),
  ])
})

test('--deep names a VM in which a later disk has an earlier letter', async () => {
  const steps = async (vm: GivenVm) => {
    await replaceDisk(vm)
    await vm.attach('A')
  }
  expect(await lettersOf(steps)).toEqual([expect.stringMatching(/volume B at \/dev\/vdc \(.* was attached after it\)/)])
})

test.each(['1', '11'])(
  '--deep has nothing to say about a VM of flavor %s whose disks were never replaced',
  async (flavor) => {
    const steps = async (vm: GivenVm) => {
      await vm.attach('A')
      await vm.attach('B')
    }
    expect(await lettersOf(steps, { flavor })).toEqual([])
  },
)

test('VMs without a director, and calls without --deep, are left alone', async () => {
  expect(await lettersOf(replaceDisk, { metadata: {} })).toEqual([])
  expect(await lettersOf(replaceDisk, { deep: false })).toEqual([])
})
