import type { Seed } from './schema.ts'

/** A cloud with a domain and roles only, for clouds built up by hand. */
export const emptyCloud: Seed = {
  version: 1,
  regions: ['RegionOne'],
  availabilityZones: { compute: { nova: ['compute-nova'] }, volume: ['nova'] },
  projects: [],
  users: [],
  flavors: [],
  keypairs: [],
  images: [],
  volumeTypes: [],
  networks: [],
  routers: [],
  securityGroups: [],
  floatingIps: [],
}
