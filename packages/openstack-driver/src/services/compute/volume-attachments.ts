import type { ServiceClient } from '../../http/service-client.ts'

export interface VolumeAttachment {
  /** Equals the volume's id. */
  readonly id: string
  readonly volumeId: string
  readonly serverId: string
  /** For example `/dev/vdb`; null or absent when Nova does not know. */
  readonly device?: string | null
}

/**
 * Volumes of a server.
 * https://docs.openstack.org/api-ref/compute/#servers-with-volume-attachments-servers-os-volume-attachments
 */
export const volumeAttachments = (client: ServiceClient) => {
  const path = (serverId: string): string => `servers/${encodeURIComponent(serverId)}/os-volume_attachments`
  return {
    /** @param device asked for, for example `/dev/sdc`; libvirt ignores it */
    create: (serverId: string, volumeId: string, device?: string, microversion?: string) =>
      client.post<VolumeAttachment>(
        path(serverId),
        { volumeAttachment: { volumeId, ...(device === undefined ? {} : { device }) } },
        {
          expect: [200, 202],
          pick: 'volumeAttachment',
          repeat: 'lookup',
          ...(microversion === undefined ? {} : { microversion }),
        },
      ),
    show: (serverId: string, volumeId: string) =>
      client.get<VolumeAttachment>(`${path(serverId)}/${encodeURIComponent(volumeId)}`, { pick: 'volumeAttachment' }),
    list: (serverId: string) => client.pages<VolumeAttachment>(path(serverId), {}, { key: 'volumeAttachments' }),
    delete: (serverId: string, volumeId: string) =>
      client.delete(`${path(serverId)}/${encodeURIComponent(volumeId)}`, { expect: 202 }),
  }
}
