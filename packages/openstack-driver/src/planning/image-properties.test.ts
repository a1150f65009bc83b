import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planImage } from './image-properties.ts'

const stemcell = {
  name: 'bosh-openstack-kvm-ubuntu-jammy',
  version: '1.785',
  infrastructure: 'openstack',
  hypervisor: 'kvm',
  disk: 5120,
  disk_format: 'qcow2',
  container_format: 'bare',
  os_type: 'linux',
  os_distro: 'ubuntu',
  architecture: 'x86_64',
  auto_disk_config: true,
}
const plan = (cloudProperties = {}, tags = {}, origin?: Record<string, string>) =>
  planImage({
    cloudProperties: { ...stemcell, ...cloudProperties },
    tags,
    isPublic: false,
    ...(origin === undefined ? {} : { origin }),
  })

describe('§7.2 image of a stemcell', () => {
  test('§5.4 name, formats and properties as text, hypervisor renamed, the rest left out', () => {
    expect(plan()).toEqual({
      name: 'bosh-openstack-kvm-ubuntu-jammy/1.785',
      diskFormat: 'qcow2',
      containerFormat: 'bare',
      visibility: 'private',
      properties: {
        version: '1.785',
        os_type: 'linux',
        os_distro: 'ubuntu',
        architecture: 'x86_64',
        auto_disk_config: 'true',
        hypervisor_type: 'kvm',
      },
    })
  })

  test('every property the Ruby CPI knew is handed on', () => {
    const known = [
      ...['hw_vif_model', 'hw_disk_bus_model', 'hw_scsi_model', 'hw_disk_bus', 'hw_vif_multiqueue_enabled'],
      ...['vmware_adaptertype', 'vmware_disktype', 'vmware_linked_clone', 'vmware_ostype'],
    ]
    const properties = plan(Object.fromEntries(known.map((name) => [name, `${name} value`]))).properties
    for (const name of known) expect(properties[name]).toBe(`${name} value`)
  })

  test.each([
    [false, 'false'],
    [7, '7'],
    ['x', 'x'],
  ])('%j becomes the text %j', (value, text) => {
    expect(plan({ auto_disk_config: value }).properties['auto_disk_config']).toBe(text)
  })

  test('null is as good as absent', () => {
    expect(plan({ os_type: null, hypervisor: null, container_format: null })).toMatchObject({ containerFormat: 'bare' })
    expect(Object.keys(plan({ os_type: null, hypervisor: null }).properties)).not.toContain('os_type')
  })

  test('public when the configuration says so', () => {
    expect(planImage({ cloudProperties: stemcell, tags: {}, isPublic: true }).visibility).toBe('public')
  })

  test('without disk_format nobody can boot it', () => {
    expect(() => plan({ disk_format: null })).toThrow(/disk_format/)
  })

  test('a stemcell without name or version still has a name', () => {
    expect(plan({ name: null }).name).toBe('1.785')
    expect(plan({ name: null, version: null }).name).toBe('bosh-stemcell')
  })
})

describe('§7.2 tags on the image', () => {
  test('become further properties, those of the call before those of the stemcell', () => {
    expect(plan({ tags: { team: 'a', cost: 1 } }, { team: 'b' }).properties).toMatchObject({ team: 'b', cost: '1' })
  })

  test('never take the place of what the stemcell says or of an attribute', () => {
    const tags = { os_type: 'windows', hypervisor_type: 'xen', id: '1', owner: 'me', Status: 'x', os_glance_x: 'y' }
    expect(plan({}, tags).properties).toMatchObject({
      os_type: 'linux',
      hypervisor_type: 'kvm',
      bosh_os_type: 'windows',
      bosh_hypervisor_type: 'xen',
      bosh_id: '1',
      bosh_owner: 'me',
      bosh_Status: 'x',
      bosh_os_glance_x: 'y',
    })
  })

  test("with any tags the stemcell's own properties stay, and all values are texts of the basic plane", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue() as fc.Arbitrary<null>), (tags) => {
        const { properties } = plan({}, tags)
        expect(properties).toMatchObject(plan().properties)
        for (const [name, value] of Object.entries(properties)) {
          expect(name).not.toBe('')
          expect(`${name}${value}`).not.toMatch(/[\u{10000}-\u{10ffff}]/u)
        }
      }),
    )
  })

  test('who made it is told, where wanted', () => {
    expect(plan({}, {}, { director_uuid: 'd1' }).properties).toMatchObject({ director_uuid: 'd1' })
    expect(plan().properties).not.toHaveProperty('director_uuid')
  })
})
