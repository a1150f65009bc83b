import { run } from './run-command.ts'

/** A wording that docs/style.md replaces. `pattern` is a Perl regular expression for `git grep -P`. */
export interface Wording {
  readonly pattern: string
  readonly instead: string
}

/** The left column of the glossary in docs/style.md, as patterns that meet no other meaning of the words. */
export const wordings: readonly Wording[] = [
  { pattern: '\\b(that|which) is none\\b', instead: 'a fake OpenStack; name what it is' },
  { pattern: 'knows? no cloud', instead: 'is cloud-agnostic' },
  { pattern: 'quiet hour', instead: 'on an idle machine' },
  { pattern: 'hold in your hand', instead: 'a clock you control' },
  { pattern: '(\\b[Dd]|[a-z]D)oors?(?![a-z])', instead: 'transport, listener, endpoint, control API' },
  { pattern: '\\b[Pp]lay(s|ed|ing)?\\b', instead: 'implements; runs' },
  { pattern: '\\b[Ww]eather', instead: 'failure presets, initial faults' },
  { pattern: '\\bhangs? together|attached to nothing', instead: 'topology; unattached' },
  { pattern: '\\b([Ii]m)?[Pp]atien(ce|t)\\b|beforeRepeating', instead: 'retry budget, noRetry, waitBeforeRetry' },
  { pattern: '\\b[Dd]oubt|question without answer', instead: 'ambiguous, result unknown' },
  { pattern: '\\b[Aa]ct(s|ed)? ?[Oo]nce\\b|\\bact-once', instead: 'non-idempotent' },
  { pattern: '\\blost answers?\\b|\\banswers? (is|are|was|were|gets?) lost\\b', instead: 'no response received' },
  { pattern: '\\b[Tt]wins?\\b', instead: 'duplicate' },
  { pattern: '[Rr]ubble', instead: 'orphaned resources' },
  { pattern: '\\b[Uu]nanswered|\\bnobody knows', instead: 'pending result' },
  { pattern: '\\b[Jj]udg(e|ed|es|ing|e?ment)|\\b[Vv]erdict', instead: 'classify, classification' },
  { pattern: '[Bb]lueprint', instead: 'VmPlan' },
  { pattern: 'pool-departure|volume-release|known-deletion|delete-unseen', instead: 'the name in docs/style.md' },
  { pattern: 'settledVolume|lostWhenTwice|waitForLife', instead: 'the name in docs/style.md' },
  { pattern: '[Ff]ailed-?[Qq]uestion', instead: 'failed check' },
  { pattern: 'could not be looked', instead: 'the check could not run' },
  { pattern: 'fit for BOSH', instead: 'ready for BOSH' },
  { pattern: '\\bmend(s|ed|ing)?\\b', instead: 'fix' },
  { pattern: '\\b[Aa]t once\\b', instead: 'immediately; in parallel' },
  { pattern: '\\btold to end\\b', instead: 'interrupted, aborted' },
  { pattern: '\\bbears?\\b', instead: 'has' },
  { pattern: '\\bin vain\\b', instead: 'without success' },
  { pattern: '\\b(lets?|letting) go of\\b', instead: 'releases, unbinds' },
  { pattern: '\\bby lot\\b', instead: 'at random' },
  { pattern: '\\b[Rr]eckon', instead: 'compute' },
  { pattern: 'wrongly conclude|differences that stay', instead: 'risk to your tests; known differences' },
  { pattern: '\\b[Ss]trangers?\\b', instead: 'consumer; another project' },
  { pattern: '[Tt]heatre|\\bDice\\b|\\bPerson\\b|[Bb]ystander|[Ll]edger', instead: 'the name in docs/style.md' },
  { pattern: '([a-z]|\\b)World\\b|\\bworld\\b', instead: 'CloudContext' },
  { pattern: '\\b[Ww]ish(es|ed)?\\b', instead: 'params; requested' },
  { pattern: '\\b[Pp]lant(s|ed|ing)?\\b', instead: 'applySeed; create' },
  { pattern: 'giveUpServerVolumes|faults-of-cinder|port-keeping', instead: 'the name in docs/style.md' },
  { pattern: 'exit code is ours', instead: "exits with the command's exit code" },
]

/** Paths whose whole text is held to the glossary. */
const areas: readonly string[] = [
  '.changeset',
  '.ci',
  '.github',
  'CONTRIBUTING.md',
  'README.md',
  'SECURITY.md',
  'apps/cli',
  'apps/fake-openstack',
  'docs',
  'packages',
  'tooling',
]

/** The glossary and its patterns. */
const exceptions: readonly string[] = [':!docs/style.md', ':!tooling/repo/plain-words*']

/** Lines of the areas in which a replaced wording stands. */
export async function replacedWordings(): Promise<string | undefined> {
  const { exitCode, output } = await run(
    'git',
    ['grep', '-nIP', ...wordings.flatMap(({ pattern }) => ['-e', pattern]), '--', ...areas, ...exceptions],
    { quiet: true },
  )
  if (exitCode === 1) return undefined // nothing found
  return exitCode === 0 ? `see the glossary in docs/style.md:\n${describe(output)}` : output
}

/** Puts what to write instead behind each line. */
export const describe = (lines: string): string =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const text = line.replace(/^[^:]*:\d+:/, '')
      const { instead = '' } = wordings.find(({ pattern }) => new RegExp(pattern).test(text)) ?? {}
      return `${line.trim()}   → ${instead}`
    })
    .join('\n')
