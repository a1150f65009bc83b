import type { ServiceDefinition } from '../kernel/service.ts'
import { blockStorageService } from './block-storage/service.ts'
import { computeService } from './compute/service.ts'
import { identityService } from './identity/service.ts'
import { imageService } from './image/service.ts'
import { loadBalancerService } from './load-balancer/service.ts'
import { networkService } from './network/service.ts'

/** The services of the cloud, one line each, in the order of the catalog. */
export const allServices: readonly ServiceDefinition[] = [
  identityService, // first: the others' projects
  computeService,
  imageService,
  networkService,
  blockStorageService,
  loadBalancerService,
]
