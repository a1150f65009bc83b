const wholeDisk = /^\/dev\/(?:s|v|xv)d([a-z]+)$/

/**
 * The hint for the agent: Nova's device as `/dev/sd<letters>`, which agents try under the virtio and Xen names as well
 * (driver spec §7.13). Other devices are handed on as they are. Undefined when Nova names none.
 */
export function deviceHint(device: string | null | undefined): string | undefined {
  if (device === null || device === undefined || device === '') return undefined
  const letters = wholeDisk.exec(device)?.[1]
  return letters === undefined ? device : `/dev/sd${letters}`
}
