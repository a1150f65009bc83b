declare const brand: unique symbol

/** A string that only the constructors below can make, so that a disk's CID never passes for a VM's. */
type Cid<Kind extends string> = string & { readonly [brand]: Kind }

/** Cloud ID of a VM: opaque to BOSH, never empty (contract §10). */
export type VmCid = Cid<'vm'>
/** Cloud ID of a persistent disk. */
export type DiskCid = Cid<'disk'>
/** Cloud ID of a stemcell. */
export type StemcellCid = Cid<'stemcell'>
/** Cloud ID of a disk snapshot. */
export type SnapshotCid = Cid<'snapshot'>
/** Cloud ID of a network that the CPI manages. */
export type NetworkCid = Cid<'network'>
/** The id the director gave the agent; it must reach the agent's settings unchanged. */
export type AgentId = Cid<'agent'>

const make =
  <T extends string>(kind: string) =>
  (value: string): T => {
    if (value.length === 0) throw new TypeError(`${kind} CID must not be empty`)
    return value as T // the one place where the brand is applied
  }

/** A text as the CID of a VM. Throws `TypeError` when it is empty, as the others do. */
export const vmCid: (value: string) => VmCid = make<VmCid>('VM')
/** A text as the CID of a persistent disk. Throws `TypeError` when it is empty. */
export const diskCid: (value: string) => DiskCid = make<DiskCid>('disk')
/** A text as the CID of a stemcell. Throws `TypeError` when it is empty. */
export const stemcellCid: (value: string) => StemcellCid = make<StemcellCid>('stemcell')
/** A text as the CID of a snapshot. Throws `TypeError` when it is empty. */
export const snapshotCid: (value: string) => SnapshotCid = make<SnapshotCid>('snapshot')
/** A text as the CID of a managed network. Throws `TypeError` when it is empty. */
export const networkCid: (value: string) => NetworkCid = make<NetworkCid>('network')
/** A text as the id of an agent. Throws `TypeError` when it is empty. */
export const agentId: (value: string) => AgentId = make<AgentId>('agent')
