import { type Fixture, idIn } from '../fixture.ts'

/** Creates resources in the project as operators do, by hand: no CPI call may touch one of them. */
export async function createForeignResources(fixture: Fixture): Promise<void> {
  const { cloud } = fixture
  const network = fixture.idOf('networks', 'bosh-net')
  await fixture.api('POST', 'compute/v2.1/servers', {
    server: {
      name: 'jumpbox',
      flavorRef: fixture.idOf('flavors', 'm1.tiny'),
      imageRef: fixture.idOf('images', 'tiny-image'),
      networks: [{ uuid: network }],
    },
  })
  await fixture.api('POST', 'compute/v2.1/os-server-groups', {
    server_group: { name: 'by-hand', policies: ['anti-affinity'] },
  })
  for (const port of [{ name: 'reserved' }, {}, { name: 'vm-by-hand-private' }]) {
    await fixture.api('POST', 'network/v2.0/ports', { port: { ...port, network_id: network } })
  }
  await fixture.api('POST', 'network/v2.0/networks', { network: { name: 'bosh-by-hand' } })
  const volumes = `volume/v3/${cloud.projectId('bosh')}`
  const volume = await fixture.api('POST', `${volumes}/volumes`, { volume: { name: 'volume-by-hand', size: 1 } })
  cloud.clock.advance('1m')
  await fixture.api('POST', `${volumes}/snapshots`, {
    snapshot: { name: 'snapshot-by-hand', volume_id: idIn(volume, 'volume') },
  })
  await fixture.api('POST', 'image/v2/images', { name: 'by-hand', disk_format: 'raw', container_format: 'bare' })
}
