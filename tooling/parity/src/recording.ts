import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { compare, type Difference } from './compare.ts'
import type { Probe, Recorded, Service } from './probe.ts'

/** Answers of one service by `<scenario> / <probe>`. */
export type Recording = Record<string, Recorded>

/** The releases that were recorded, oldest first. */
export const releases = ['zed', '2025.1', '2026.2'] as const
export type Release = (typeof releases)[number]

/** Throws a TypeError for the name of a release that has no recordings. */
export function recordedRelease(name: string): Release {
  const found = releases.find((one) => one === name)
  if (found === undefined) throw new TypeError(`no recordings of release "${name}": use one of ${releases.join(', ')}`)
  return found
}

const fileOf = (release: Release, name: string): URL =>
  new URL(`../recordings/${release}/${name}.json`, import.meta.url)

/**
 * The answers of a service in a release. `recordings/<release>/` holds only what differs from the release before, so that
 * what is common is kept once.
 */
export async function readRecording(service: Service, release: Release): Promise<Recording> {
  const upTo = releases.slice(0, releases.indexOf(release) + 1)
  const files = upTo.map((one) => readJson<Recorded>(fileOf(one, service)))
  return Object.assign({}, ...(await Promise.all(files))) as Recording // of Recordings
}

/**
 * Keeps the answers of a release: all of the oldest, else those that differ from the release before.
 * @param others what becomes of recorded answers that are not among the probes
 */
export async function writeRecording(
  service: Service,
  release: Release,
  probes: readonly Probe[],
  others: 'keep others' | 'replace all',
): Promise<void> {
  const before = releases[releases.indexOf(release) - 1]
  const known = before === undefined ? {} : await readRecording(service, before)
  await mkdir(new URL(`../recordings/${release}/`, import.meta.url), { recursive: true })
  const kept = others === 'keep others' ? await readJson<Recorded>(fileOf(release, service)) : {}
  await writeJson(fileOf(release, service), { ...kept, ...changedAnswers(known, probes) })
}

/** Where a cloud's answer to a probe is not as recorded. */
export function differencesFrom(recording: Recording, { name, recorded, tolerance }: Probe): readonly Difference[] {
  const before = recording[name]
  if (before === undefined) return [{ at: 'recording', real: 'none', fake: recorded.status }]
  return compare(before, recorded, tolerance)
}

/** A place where the real cloud's answer to the probe `name` is no longer as recorded. */
export type Drift = Difference & { readonly name: string }

/** What has changed since the recording was made. The outcome of a race is no change. */
export const driftSince = (recording: Recording, probes: readonly Probe[]): readonly Drift[] =>
  probes
    .filter(({ name, tolerance }) => !tolerance.race || recording[name] === undefined)
    .flatMap((probe) => differencesFrom(recording, probe).map((one) => ({ ...one, name: probe.name })))

/** What is in both: a cloud that answers otherwise once, under load or just started, has not changed. */
export const lasting = (once: readonly Drift[], again: readonly Drift[]): readonly Drift[] =>
  once.filter(({ name, at }) => again.some((other) => other.name === name && other.at === at))

/** The answers that are not as recorded. */
export function changedAnswers(known: Recording, probes: readonly Probe[]): Recording {
  const changed = new Set(driftSince(known, probes).map(({ name }) => name))
  return Object.fromEntries(probes.flatMap(({ name, recorded }) => (changed.has(name) ? [[name, recorded]] : [])))
}

/** Keeps which versions of the services gave the recorded answers. */
export const writeVersions = (release: Release, versions: Readonly<Record<string, string>>): Promise<void> =>
  writeJson(fileOf(release, 'versions'), versions)

/** Versions of the services that gave the recorded answers, by package. */
export const readVersions = (release: Release): Promise<Readonly<Record<string, string>>> =>
  readJson(fileOf(release, 'versions'))

/** The content of a file that was written here; nothing where the release was not recorded yet. */
const readJson = async <T>(file: URL): Promise<Readonly<Record<string, T>>> =>
  existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Record<string, T>) : {} // by writeJson

const writeJson = (file: URL, content: unknown): Promise<void> =>
  writeFile(file, `${JSON.stringify(content, null, 1)}\n`)
