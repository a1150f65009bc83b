import type { ServiceClient } from '../../http/service-client.ts'

export interface QuotaDetail {
  /** -1 means unlimited. */
  readonly limit: number
  readonly used: number
  readonly reserved: number
}

/** Neutron quotas and their use. https://docs.openstack.org/api-ref/network/v2/#quotas-extension-quotas */
export const quotas = (client: ServiceClient) => ({
  /** By resource, for example `port`. */
  details: (projectId: string) =>
    client.get<Readonly<Record<string, QuotaDetail>>>(`quotas/${encodeURIComponent(projectId)}/details.json`, {
      pick: 'quota',
    }),
})
