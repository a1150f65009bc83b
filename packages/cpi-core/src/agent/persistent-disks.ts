import type { DiskCid } from '../model/cid.ts'
import type { DiskHint } from '../model/disk-hint.ts'
import type { Json, JsonObject } from '../model/json.ts'

// For clouds where the settings are a file or document of the CPI's own. With current directors the hint alone is enough
// (contract §8.4); agents that read their settings again at boot find the disk in `disks.persistent`.

/** The settings with a persistent disk added; one with the same CID is replaced. */
export const addPersistentDisk = (settings: JsonObject, disk: DiskCid, hint: DiskHint): JsonObject =>
  withPersistentDisks(settings, { ...persistentDisks(settings), [disk]: hint as Json }) // strings and objects of strings

/** The settings without a persistent disk; unchanged when it is not there. */
export const removePersistentDisk = (settings: JsonObject, disk: DiskCid): JsonObject => {
  const { [disk]: _removed, ...rest } = persistentDisks(settings)
  return withPersistentDisks(settings, rest)
}

/** The persistent disks in the settings: hints by CID. */
export const persistentDisks = (settings: JsonObject): JsonObject =>
  objectOrEmpty(objectOrEmpty(settings['disks'])['persistent'])

const withPersistentDisks = (settings: JsonObject, persistent: JsonObject): JsonObject => ({
  ...settings,
  disks: { ...objectOrEmpty(settings['disks']), persistent },
})

const objectOrEmpty = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
