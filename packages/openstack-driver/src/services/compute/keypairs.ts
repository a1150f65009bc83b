import { collect, type ServiceClient } from '../../http/service-client.ts'

export interface Keypair {
  readonly name: string
  readonly public_key: string
  readonly fingerprint: string
}

/** Nova key pairs; they belong to the user, not to the project. https://docs.openstack.org/api-ref/compute/#keypairs-keypairs */
export const keypairs = (client: ServiceClient) => ({
  show: (name: string) => client.get<Keypair>(`os-keypairs/${encodeURIComponent(name)}`, { pick: 'keypair' }),
  list: async (): Promise<Keypair[]> =>
    (await collect(client.pages<{ keypair: Keypair }>('os-keypairs', {}, { key: 'keypairs' }))).map(
      (item) => item.keypair,
    ),
})
