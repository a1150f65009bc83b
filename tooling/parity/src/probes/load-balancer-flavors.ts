import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { unknownId } from './unknown.ts'

const as = 'admin'

/** Names of a kind of template and of its profile, which are alike but for their names. */
interface Names {
  readonly profiles: string
  readonly profile: string
  readonly data: string
  /** Data that the amphora provider takes. */
  readonly value: string
  readonly kinds: string
  readonly kind: string
}

const template = (name: string, n: Names): Scenario =>
  scenario('load-balancer', name, async (stage: Stage) => {
    const { ask, prefix, quiet, later } = stage
    const profile = { name: `${prefix}-p`, provider_name: 'amphora', [n.data]: n.value }
    await ask('profiles by a tenant', `GET /${n.profiles}`)
    await ask('profile by a tenant', `POST /${n.profiles}`, { body: { [n.profile]: profile } })
    await ask('profile, empty', `POST /${n.profiles}`, { as, body: {} })
    await ask('profile, nothing in it', `POST /${n.profiles}`, { as, body: { [n.profile]: {} } })
    await ask('profile, unknown provider', `POST /${n.profiles}`, {
      as,
      body: { [n.profile]: { ...profile, provider_name: 'nosuch' } },
    })
    await ask('profile, data no JSON', `POST /${n.profiles}`, {
      as,
      body: { [n.profile]: { ...profile, [n.data]: 'x' } },
    })
    await ask('profile, data of another provider', `POST /${n.profiles}`, {
      as,
      body: { [n.profile]: { ...profile, [n.data]: '{"k1": "v1"}' } },
    })
    await ask('profile, unknown key', `POST /${n.profiles}`, { as, body: { [n.profile]: { ...profile, nosuch: 1 } } })
    const made = await ask('profile', `POST /${n.profiles}`, { as, body: { [n.profile]: profile } })
    const id = made.at(n.profile, 'id')
    later(() => quiet(`DELETE /${n.profiles}/${id}`, { as }))
    await ask('show profile', `GET /${n.profiles}/${id}`, { as })
    await ask('show profile by a tenant', `GET /${n.profiles}/${id}`)
    await ask('show unknown profile', `GET /${n.profiles}/${unknownId}`, { as })
    await ask('show profile, no uuid', `GET /${n.profiles}/x`, { as })
    await ask('list profiles', `GET /${n.profiles}?name=${prefix}-p`, { as })
    await ask('list profiles, none', `GET /${n.profiles}?name=nosuch`, { as })
    await ask('list profiles, unknown filter', `GET /${n.profiles}?nosuch=1`, { as })
    await ask('update profile', `PUT /${n.profiles}/${id}`, { as, body: { [n.profile]: { name: `${prefix}-q` } } })
    await ask('update profile, bad data', `PUT /${n.profiles}/${id}`, { as, body: { [n.profile]: { [n.data]: 'x' } } })
    await ask('update unknown profile', `PUT /${n.profiles}/${unknownId}`, { as, body: { [n.profile]: { name: 'x' } } })
    const key = `${n.kind}_profile_id`
    const one = { name: `${prefix}-f`, description: 'd', enabled: true, [key]: id }
    await ask('by a tenant', `POST /${n.kinds}`, { body: { [n.kind]: one } })
    await ask('nothing in it', `POST /${n.kinds}`, { as, body: { [n.kind]: {} } })
    const flavor = await ask('create', `POST /${n.kinds}`, { as, body: { [n.kind]: one } })
    const place = n.kind === 'flavor' ? flavor.at('flavor', 'id') : `${prefix}-f`
    later(() => quiet(`DELETE /${n.kinds}/${place}`, { as }))
    await ask('create again', `POST /${n.kinds}`, { as, body: { [n.kind]: one } })
    await ask('show', `GET /${n.kinds}/${place}`, { as })
    await ask('show by a tenant', `GET /${n.kinds}/${place}`)
    await ask('show unknown', `GET /${n.kinds}/${unknownId}`)
    await ask('list', `GET /${n.kinds}?name=${prefix}-f`)
    await ask('list, enabled', `GET /${n.kinds}?name=${prefix}-f&enabled=true`)
    await ask('list, disabled', `GET /${n.kinds}?name=${prefix}-f&enabled=false`)
    await ask('update', `PUT /${n.kinds}/${place}`, { as, body: { [n.kind]: { description: 'e', enabled: false } } })
    await ask('update by a tenant', `PUT /${n.kinds}/${place}`, { body: { [n.kind]: { enabled: true } } })
    await ask('update, unknown key', `PUT /${n.kinds}/${place}`, { as, body: { [n.kind]: { nosuch: true } } })
    await ask('update unknown', `PUT /${n.kinds}/${unknownId}`, { as, body: { [n.kind]: { enabled: true } } })
    await ask('data of a profile in use', `PUT /${n.profiles}/${id}`, {
      as,
      body: { [n.profile]: { [n.data]: n.value } },
    })
    await ask('delete a profile in use', `DELETE /${n.profiles}/${id}`, { as })
    await ask('delete by a tenant', `DELETE /${n.kinds}/${place}`)
    await ask('delete', `DELETE /${n.kinds}/${place}`, { as })
    await ask('delete again', `DELETE /${n.kinds}/${place}`, { as })
    await ask('delete profile', `DELETE /${n.profiles}/${id}`, { as })
    await ask('delete profile again', `DELETE /${n.profiles}/${id}`, { as })
    await ask('capabilities', `GET /providers/amphora/${n.kind}_capabilities`, { as })
    await ask('capabilities by a tenant', `GET /providers/amphora/${n.kind}_capabilities`)
    await ask('capabilities of an unknown provider', `GET /providers/nosuch/${n.kind}_capabilities`, { as })
  })

/** Flavors and availability zones of Octavia, with their profiles. */
export const loadBalancerFlavorScenarios: readonly Scenario[] = [
  template('flavors', {
    profiles: 'flavorprofiles',
    profile: 'flavorprofile',
    data: 'flavor_data',
    value: '{"loadbalancer_topology": "SINGLE"}',
    kinds: 'flavors',
    kind: 'flavor',
  }),
  template('availability zones', {
    profiles: 'availabilityzoneprofiles',
    profile: 'availability_zone_profile',
    data: 'availability_zone_data',
    value: '{"compute_zone": "nova"}',
    kinds: 'availabilityzones',
    kind: 'availability_zone',
  }),
]
