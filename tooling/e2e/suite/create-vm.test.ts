import { readYaml, withValues } from '@openstack-cpi/harness/call-script'
import type { Tenant } from '@openstack-cpi/harness/cloud-description'
import { createVmArguments, manualNetwork } from '@openstack-cpi/harness/create-vm'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

type Properties = Readonly<Record<string, unknown>>

interface Row {
  readonly title: string
  readonly params?: Omit<Parameters<typeof createVmArguments>[1], 'networks'>
  readonly manual?: Readonly<Record<string, { readonly on: string; readonly ip: string }>>
  readonly networks?: Properties
  readonly openstack?: Properties
}
interface CreatedRow extends Row {
  readonly server?: Properties
  readonly ports?: readonly Properties[]
  /** Of the result of `create_vm`, by network. */
  readonly answered?: Properties
  readonly floating?: { readonly address: string; readonly to: string }
  readonly bootVolume?: Properties
}
interface RefusedRow extends Row {
  readonly tenant?: Tenant
  /** A part of it. */
  readonly message: string
  readonly type?: string
  readonly retry?: boolean
}

const rows: { readonly created: readonly CreatedRow[]; readonly refused: readonly RefusedRow[] } = readYaml(
  'create-vm.yaml',
  import.meta.url,
)
const titled = <T extends Row>(all: readonly T[]) => all.map((row) => [row.title, row] as const)
const given = useCloud()

/** The row with the values of the cloud, and its `create_vm`. */
function onCloud<T extends Row>(row: T) {
  const { cloud } = given()
  const resolved = withValues(row, { ...cloud, light: `${cloud.image.id} light` })
  const manual = Object.entries(resolved.manual ?? { default: { on: 'bosh-net', ip: '10.10.2.33' } }).map(
    ([name, { on, ip, ...more }]) => [name, manualNetwork(cloud, on, ip, more)] as const,
  )
  const networks = resolved.networks && !resolved.manual ? resolved.networks : Object.fromEntries(manual)
  return { ...resolved, params: { ...resolved.params, networks: { ...networks, ...resolved.networks } } }
}

test.for(titled(rows.created))('%s', async ([, row]) => {
  const { view, director, createVm, deleteVm } = given()
  const { params, manual = {}, openstack, ...expected } = onCloud(row)
  const [vm, networks] = await createVm(params, openstack)
  const server = await view.server(vm)
  expect(server).toMatchObject({ status: 'ACTIVE', ...expected.server })
  expect(networks).toMatchObject({ ...expected.answered })

  const ports = await view.portsOf(vm)
  expect(ports).toMatchObject(expected.ports ?? [{}])
  for (const [name, { ip }] of Object.entries(manual)) {
    const port = ports.find((one) => JSON.stringify(one['fixed_ips']).includes(`"${ip}"`))
    expect(networks[name]?.['mac'], name).toBe(port?.['mac_address'] ?? 'of a port')
  }
  if (expected.floating) {
    const { address, to } = expected.floating
    const floating = await view.list('network', `floatingips?floating_ip_address=${address}`, 'floatingips')
    expect(floating).toMatchObject([{ fixed_ip_address: to }])
  }
  const [attached] = (server?.['os-extended-volumes:volumes_attached'] ?? []) as { id: string }[]
  if (expected.bootVolume) expect(await view.volume(attached?.id)).toMatchObject(expected.bootVolume)
  else expect(attached).toBeUndefined()
  expect(await director.ask('get_disks', [vm])).toEqual([])
  await deleteVm(vm)
  if (attached) expect(await view.volume(attached.id)).toBeUndefined()
})

test.for(titled(rows.refused))('create_vm fails, gives the reason and leaves nothing: %s', async ([, row]) => {
  const { cloud, directorWith } = given()
  const { params, tenant = cloud.user, openstack = {}, message, type, retry = false } = onCloud(row)
  const director = await directorWith({ tenant, openstack })
  const view = await TenantView.login(cloud, tenant)
  const before = await view.inventory()
  const { error, exitCode } = await director.call('create_vm', createVmArguments(cloud, params))
  expect(exitCode).toBe(0)
  expect(error).toMatchObject({ message: expect.stringContaining(message), ok_to_retry: retry, ...(type && { type }) })
  expect(await view.inventory()).toEqual(before)
})
