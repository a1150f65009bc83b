import { type VmCid, vmCid } from '@openstack-cpi/cpi-core'
import type { DriverOnFake } from './driver-on-fake.ts'

/** A VM CID that no server has. */
export const absentVm = vmCid('22222222-2222-4222-8222-222222222222')

export interface GivenServer {
  readonly zone?: string
  /** Boots from a volume of the image instead of the image. */
  readonly fromVolume?: boolean
  /** The boot volume outlives the server. */
  readonly keepsBootVolume?: boolean
  readonly configDrive?: boolean
  /** Id of its flavor; `1` has neither an ephemeral disk nor swap. */
  readonly flavor?: string
}

/** An active server without networks, made beside the driver. */
export async function givenServer(
  driver: DriverOnFake,
  { zone, fromVolume = false, keepsBootVolume = false, configDrive = false, flavor = '1' }: GivenServer = {},
): Promise<VmCid> {
  const { cloud } = driver
  const image = cloud.state()['images']?.[0]?.id ?? ''
  const boot = { boot_index: 0, uuid: image, source_type: 'image', destination_type: 'volume', volume_size: 1 }
  const response = await cloud.fetch(`${cloud.url}/compute/v2.1/servers`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-auth-token': await cloud.token('bosh'),
      'openstack-api-version': 'compute 2.37',
    },
    body: JSON.stringify({
      server: {
        name: 'given',
        flavorRef: flavor,
        networks: 'none',
        config_drive: configDrive,
        ...(fromVolume
          ? { block_device_mapping_v2: [{ ...boot, delete_on_termination: !keepsBootVolume }] }
          : { imageRef: image }),
        ...(zone === undefined ? {} : { availability_zone: zone }),
      },
    }),
  })
  const answer: unknown = await response.json()
  const id = /"id":"([^"]+)"/.exec(JSON.stringify(answer))?.[1]
  if (id === undefined) throw new Error(`no server was made: ${JSON.stringify(answer)}`)
  const state = () => Reflect.get((cloud.state()['servers'] ?? []).find((server) => server.id === id) ?? {}, 'vm_state')
  cloud.runUntil(() => state() === 'active')
  return vmCid(id)
}
