import type { ServiceClients } from '../http/session.ts'
import type { TokenInfo } from '../http/token.ts'
import { type BlockStorage, blockStorage } from './block-storage/block-storage.ts'
import { type Compute, compute } from './compute/compute.ts'
import { type Image, image } from './image/images.ts'
import { type LoadBalancer, loadBalancer } from './load-balancer/load-balancer.ts'
import { type Network, network } from './network/network.ts'

/** OpenStack's services, each a set of thin modules named after its REST collections. */
export interface Services {
  readonly identity: Identity
  readonly compute: Compute
  readonly image: Image
  readonly network: Network
  readonly blockStorage: BlockStorage
  readonly loadBalancer: LoadBalancer
}

/** Binds all modules to their clients. Makes no request. */
export const createServices = (clients: ServiceClients): Services => ({
  identity: identity(clients.token),
  compute: compute(clients.compute),
  image: image(clients.image),
  network: network(clients.network),
  blockStorage: blockStorage(clients.blockStorage),
  loadBalancer: loadBalancer(clients.loadBalancer),
})

/** Keystone: who we are. The login itself is the transport's business. */
const identity = (token: () => Promise<TokenInfo>) => ({
  /** The current token's content; logs in if need be. */
  whoAmI: () => token(),
})

export type Identity = ReturnType<typeof identity>
