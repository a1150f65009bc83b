import { type Stage, scenario, statusIn } from '../scenario.ts'
import { volume } from './block-storage-sequences.ts'
import { gone, places, serverState } from './server-stage.ts'
import { unknownId } from './unknown.ts'

/** A server that boots from a volume, and a volume that comes and goes. */
export const serverVolumes = scenario('compute', 'volumes of a server', async (stage) => {
  const { ask, states, prefix, quiet } = stage
  const { image, network } = await places(stage)
  const disk = await volumeOf(stage, { name: `${prefix}-data` })
  const made = await quiet('POST /servers', {
    body: {
      server: {
        name: `${prefix}-bfv`,
        availability_zone: 'z1',
        flavorRef: '1',
        networks: [{ uuid: network }],
        block_device_mapping_v2: [
          {
            boot_index: 0,
            uuid: image,
            source_type: 'image',
            destination_type: 'volume',
            volume_size: 1,
            delete_on_termination: true,
          },
        ],
      },
    },
  })
  const path = `/servers/${made.at('server', 'id')}`
  stage.later(() => gone(stage, path))
  await stage.until(`GET ${path}`, serverState, ['ACTIVE/', 'ERROR/'])
  await ask('server with a boot volume', `GET ${path}`)
  const attachments = `${path}/os-volume_attachments`
  await ask('boot volume only', `GET ${attachments}`)
  const attach = (name: string, volumeAttachment: unknown) =>
    ask(name, `POST ${attachments}`, { body: { volumeAttachment } })
  await attach('unknown volume', { volumeId: unknownId })
  await attach('no uuid', { volumeId: 'x' })
  await attach('nothing', {})
  await attach('bad device', { volumeId: disk, device: 'x y' })
  await attach('attach', { volumeId: disk, device: '/dev/sdc' })
  const cinder = { service: 'block-storage' } as const
  const diskState = statusIn('volume', 'status')
  await states('attaching', `GET /volumes/${disk}`, diskState, ['in-use'], {
    ...cinder,
    fleeting: ['reserved', 'attaching'],
  })
  await ask('in use', `GET /volumes/${disk}`, cinder)
  await ask('both', `GET ${attachments}`)
  await ask('one', `GET ${attachments}/${disk}`)
  await ask('both with 2.89', `GET ${attachments}`, { version: '2.89' })
  await ask('both with 2.79', `GET ${attachments}`, { version: '2.79' })
  await attach('again', { volumeId: disk })
  await ask('delete the volume', `DELETE /volumes/${disk}`, cinder)
  await ask('detach through Cinder', `POST /volumes/${disk}/action`, { ...cinder, body: { 'os-detach': {} } })
  await ask('extend attached', `POST /volumes/${disk}/action`, { ...cinder, body: { 'os-extend': { new_size: 2 } } })
  await ask('extend attached, 3.42', `POST /volumes/${disk}/action`, {
    ...cinder,
    version: '3.42',
    body: { 'os-extend': { new_size: 2 } },
  })
  await stage.until(`GET /volumes/${disk}`, diskState, ['in-use'], cinder)
  await ask('snapshot attached', 'POST /snapshots', { ...cinder, body: { snapshot: { volume_id: disk } } })
  await ask('detach unknown', `DELETE ${attachments}/${unknownId}`)
  await ask('detach', `DELETE ${attachments}/${disk}`)
  await states('detaching', `GET /volumes/${disk}`, diskState, ['available'], {
    ...cinder,
    fleeting: ['detaching', 'in-use'],
  })
  await ask('detach again', `DELETE ${attachments}/${disk}`)
  await ask('not attached', `GET ${attachments}/${disk}`)
})

/** A volume of the scenario, which belongs to compute. */
export const volumeOf = (stage: Stage, asked: object): Promise<string> => {
  const service = 'block-storage' as const
  const side: Stage = {
    ...stage,
    quiet: (line, options) => stage.quiet(line, { service, ...options }),
    until: (line, pick, wanted, options) => stage.until(line, pick, wanted, { service, ...options }),
  }
  return volume(side, asked)
}
