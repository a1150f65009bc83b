import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { addConfigSecrets } from '../log/config-secrets.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { parseJsonText } from '../model/parse-json-text.ts'
import { SkippedCase } from './contract-scenario.ts'
import { reservedContext } from './cpi-client.ts'
import type { CpiExecutableHarness, SuiteRequest } from './executable-harness.ts'
import { type Answer, answerOf, type Run, type RunOptions, runExecutable } from './run-executable.ts'

/** One promise of an executable as a test. */
export interface ExecutableCase {
  readonly title: string
  readonly run: (harness: CpiExecutableHarness) => Promise<void>
}

const start = (harness: CpiExecutableHarness, options: RunOptions, config = harness.config): Promise<Run> => {
  const files = [config, ...(harness.moreFiles ?? [])]
  const { env, callLimitMs: limitMs = 30_000 } = harness
  return runExecutable([...harness.command, ...files], { ...options, env: { ...env, ...options.env }, limitMs })
}

const requestText = ({ method, arguments: values }: SuiteRequest, context: JsonObject = {}): string =>
  JSON.stringify({ method, arguments: values, context: { ...context, ...reservedContext }, api_version: 2 })

const info: SuiteRequest = { method: 'info', arguments: [] }
const lookUp = ({ missingCid }: CpiExecutableHarness): SuiteRequest => ({ method: 'has_disk', arguments: [missingCid] })

/** The answer of a run, whose `error` has the contract's form. */
const checkedAnswer = (run: Run): Answer => {
  const answer = answerOf(run)
  expect(answer.log).toEqual(expect.any(String))
  if (answer.error === null) return answer
  expect(answer.result).toBeNull()
  expect(answer.error).toEqual({
    type: expect.stringMatching(/./),
    message: expect.stringMatching(/./),
    ok_to_retry: expect.any(Boolean),
  })
  return answer
}

const expectLookUp = (run: Run): void => {
  expect(checkedAnswer(run)).toMatchObject({ result: false, error: null })
}

/** Code that Node runs before the program; an executable of another language ignores it. */
const preload = (code: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`,
})

const skip = (reason: string): never => {
  throw new SkippedCase(reason)
}

/** The cases of `describeCpiExecutable`. */
export const executableCases: readonly ExecutableCase[] = [
  {
    title: 'contract §2, §4 a call that succeeds has exit code 0 and one document with the three keys',
    run: async (harness) => expectLookUp(await start(harness, { stdin: requestText(lookUp(harness)) })),
  },
  {
    title: 'contract §2 a call that fails has exit code 0 and the error in the document',
    run: async (harness) => {
      const stdin = requestText({ method: 'set_disk_metadata', arguments: [harness.missingCid, {}] })
      expect(checkedAnswer(await start(harness, { stdin })).error?.type).toBe('Bosh::Clouds::DiskNotFound')
    },
  },
  ...(
    [
      ['garbage', '{"method":', 'InvalidCall'],
      ['nothing', '', 'InvalidCall'],
      ['an unknown method', requestText({ method: 'fly', arguments: [] }), 'Bosh::Clouds::NotImplemented'],
      ['wrong arguments', requestText({ method: 'has_vm', arguments: [7] }), 'InvalidCall'],
    ] as const
  ).map(([name, stdin, type]) => ({
    title: `contract §4.2 ${name} on stdin has exit code 0 and is answered with ${type}`,
    run: async (harness: CpiExecutableHarness) => {
      expect(checkedAnswer(await start(harness, { stdin })).error?.type).toBe(type)
    },
  })),
  {
    title: 'contract §5 info is answered without a configuration file, with version and stemcell formats',
    run: async (harness) => {
      const { result, error } = checkedAnswer(await start(harness, { stdin: requestText(info) }, '/no/such/file.json'))
      expect(error).toBeNull()
      expect(result).toEqual({ api_version: expect.any(Number), stemcell_formats: expect.any(Array) })
    },
  },
  {
    title: 'contract §3, §5 info is answered to the bosh CLI, which sends API version 1 and no request id',
    run: async (harness) => {
      const context = { director_uuid: 'bosh-cli', vm: { stemcell: {} } }
      const stdin = JSON.stringify({ ...info, context, api_version: 1 })
      expect(checkedAnswer(await start(harness, { stdin })).result).toHaveProperty('api_version')
    },
  },
  {
    title: 'contract §4.2 an API version that does not exist is answered with NotSupported or InvalidCall',
    run: async (harness) => {
      const request: object = JSON.parse(requestText(lookUp(harness)))
      const ask = async (api_version: Json) =>
        checkedAnswer(await start(harness, { stdin: JSON.stringify({ ...request, api_version }) })).error?.type
      expect(await ask(99)).toBe('Bosh::Clouds::NotSupported')
      expect(await ask('2')).toBe('InvalidCall')
    },
  },
  {
    title: 'contract §2 no temporary file is left',
    run: async (harness) => {
      const TMPDIR = await mkdtemp(join(tmpdir(), 'cpi-executable-'))
      try {
        const { method } = info
        for (const stdin of [requestText(lookUp(harness)), requestText({ method, arguments: [] }), '{']) {
          checkedAnswer(await start(harness, { stdin, env: { TMPDIR } }))
        }
        expect(await readdir(TMPDIR)).toEqual([])
      } finally {
        await rm(TMPDIR, { recursive: true })
      }
    },
  },
  {
    title: 'contract §4.2 a missing configuration file is a CloudError that names the file',
    run: async (harness) => {
      const run = await start(harness, { stdin: requestText(lookUp(harness)) }, '/no/such/file.json')
      expect(checkedAnswer(run).error).toMatchObject({
        type: 'Bosh::Clouds::CloudError',
        message: expect.stringContaining('/no/such/file.json'),
      })
    },
  },
  {
    title: 'contract §2 a request of a MiB is read to its end, with a newline at its end or without',
    run: async (harness) => {
      const { method, arguments: values } = lookUp(harness)
      const request = requestText({ method, arguments: [...values, 'ä'.repeat(1024 * 1024)] })
      for (const stdin of [request, `${request}\n`]) expectLookUp(await start(harness, { stdin }))
    },
  },
  {
    title: 'contract §2 stdout holds one document although a library prints',
    run: async (harness) => {
      const env = preload("process.on('exit', () => console.log('noise of a library'))")
      const run = await start(harness, { stdin: requestText(lookUp(harness)), env })
      expect(run.stdout).not.toContain('noise')
      expectLookUp(run)
    },
  },
  {
    title: 'contract §2 stdout holds one document although a child process prints',
    run: async (harness) => {
      const { command, config, moreFiles = [] } = harness
      const print = "spawnSync('echo', ['noise of a child process'], { stdio: 'inherit' })"
      const env = preload(`import { spawnSync } from 'node:child_process'; process.on('exit', () => ${print})`)
      // A director's stdout is a pipe; what spawn makes is a socket, which a process cannot open once more.
      const words = ['/bin/sh', '-c', '"$@" | cat', 'sh', ...command, config, ...moreFiles]
      const stdin = requestText(lookUp(harness))
      expectLookUp(await runExecutable(words, { stdin, env: { ...harness.env, ...env } }))
    },
  },
  {
    title: 'contract §2 SIGTERM ends a process that still waits for its request',
    run: async (harness) => {
      let signalCode: () => string | null = () => null
      const meanwhile: RunOptions['meanwhile'] = (child) => {
        signalCode = () => child.signalCode
        // More than fits into a pipe: once it is written the process is reading, and gets no end.
        child.stdin.write(`{"method":"${'x'.repeat(4 * 1024 * 1024)}`, () => child.kill('SIGTERM'))
      }
      await start(harness, { keepStdinOpen: true, meanwhile })
      expect(signalCode(), 'the signal that ended the process').not.toBe('SIGKILL')
    },
  },
  {
    title: 'contract §2 the process ends once the answer is written although a handle is open',
    run: async (harness) => {
      const env = preload('setInterval(() => {}, 3600000)')
      expectLookUp(await start(harness, { stdin: requestText(lookUp(harness)), env }))
    },
  },
  {
    title: 'contract §2 a stderr that nobody reads does not fail the call',
    run: async (harness) => {
      const stdin = requestText(lookUp(harness))
      expectLookUp(await start(harness, { stdin, meanwhile: (child) => child.stderr.destroy() }))
    },
  },
  {
    title: 'contract §2 a promise that never settles is answered with an error',
    run: async (harness) => {
      const call = harness.neverSettling ?? skip("the harness has no 'neverSettling'")
      const run = await start(harness, { stdin: requestText(call) }, call.config)
      expect(checkedAnswer(run).error).not.toBeNull()
    },
  },
  {
    title: 'contract §2 SIGTERM in the middle of a call rolls back, and the failure is answered with exit code 0',
    run: async (harness) => {
      const call = harness.slowCall ?? skip("the harness has no 'slowCall'")
      const meanwhile: RunOptions['meanwhile'] = (child) => void call.begun().then(() => child.kill('SIGTERM'))
      const run = await start(harness, { stdin: requestText(call), meanwhile }, call.config)
      expect(checkedAnswer(run).error).not.toBeNull()
      if (harness.leftovers !== undefined) expect(await harness.leftovers(), 'left behind').toEqual([])
    },
  },
  {
    title: 'contract §2 a second SIGTERM ends a call whose rollback hangs, and it is answered with exit code 0',
    run: async (harness) => {
      const call = harness.hangingCall ?? skip("the harness has no 'hangingCall'")
      const meanwhile: RunOptions['meanwhile'] = (child) => {
        void call.begun().then(() => {
          child.kill('SIGTERM')
          setTimeout(() => child.kill('SIGTERM'), 500) // two at the same moment are one to the system
        })
      }
      const run = await start(harness, { stdin: requestText(call), meanwhile }, call.config)
      expect(checkedAnswer(run).error).not.toBeNull()
    },
  },
  {
    title: 'contract §6 a create whose answer nobody reads leaves nothing behind',
    run: async (harness) => {
      const disk = harness.disk ?? skip("the harness has no 'disk'")
      const leftovers = harness.leftovers ?? (() => skip("the harness has no 'leftovers'"))
      const stdin = requestText({ method: 'create_disk', arguments: [disk.sizeMiB, disk.cloudProperties] })
      const run = await start(harness, { stdin, meanwhile: (child) => child.stdout.destroy() })
      expect(run.exitCode).not.toBe(0)
      expect(await leftovers(), 'left behind').toEqual([])
    },
  },
  {
    title: 'contract §6 a create_vm whose answer nobody reads leaves nothing behind, no process either',
    run: async (harness) => {
      const vm = harness.vm ?? skip("the harness has no 'vm'")
      const leftovers = harness.leftovers ?? (() => skip("the harness has no 'leftovers'"))
      const call = (method: string, values: readonly Json[], more: RunOptions = {}) =>
        start(harness, { stdin: requestText({ method, arguments: values }), ...more })
      const { imagePath, cloudProperties } = vm.stemcell
      const { result: stemcell } = checkedAnswer(await call('create_stemcell', [imagePath, cloudProperties]))
      const values = ['agent', stemcell, vm.cloudProperties, vm.networks, [], {}]
      // Read, the same call makes a VM.
      const { result: created } = checkedAnswer(await call('create_vm', values))
      checkedAnswer(await call('delete_vm', [Array.isArray(created) ? created[0] : created]))
      expect(created).not.toBeNull()
      const run = await call('create_vm', values, { meanwhile: (child) => child.stdout.destroy() })
      checkedAnswer(await call('delete_stemcell', [stemcell]))
      expect(run.exitCode).not.toBe(0)
      expect(await leftovers(), 'left behind').toEqual([])
    },
  },
  {
    title: 'contract §3.1 the configuration in the context reaches the driver',
    run: async (harness) => {
      const context = harness.brokenContext ?? skip("the harness has no 'brokenContext'")
      expect(checkedAnswer(await start(harness, { stdin: requestText(lookUp(harness), context) })).error).not.toBeNull()
    },
  },
  {
    title: 'contract §12 no secret of the configuration file, of the context or of an agent is in any output',
    run: async (harness) => {
      const marker = 'SeCrEt-of-the-context'
      const context = { ...harness.brokenContext, password: marker, mbus: `https://mbus:${marker}@0.0.0.0:6868` }
      const written: string[] = []
      const { missingCid } = harness
      // Fails for want of a stemcell: what is written then shows whether requests are logged as they come.
      const createVm = { method: 'create_vm', arguments: ['agent', missingCid, {}, {}, [], agentEnv] }
      const calls = [requestText(lookUp(harness)), requestText(lookUp(harness), context), requestText(createVm)]
      for (const stdin of calls) {
        const run = await start(harness, { stdin })
        checkedAnswer(run)
        written.push(run.stdout, run.stderr)
      }
      for (const secret of [marker, agentSecret, ...(harness.secrets ?? []), ...secretsIn(harness.config)]) {
        expect(written.join('\n')).not.toContain(secret)
      }
    },
  },
]

/** Secrets as a director sends them to the agent. */
const agentSecret = 'SeCrEt-of-the-agent'
const agentEnv = { bosh: { password: agentSecret, mbus: { cert: { private_key: agentSecret } } } }

/** What `runCpi` would register of a configuration file; shorter values are not hidden. */
const secretsIn = (path: string): readonly string[] => {
  const found: string[] = []
  const collect = { add: (value: string) => void found.push(value), redact: (text: string) => text }
  addConfigSecrets(parseJsonText(readFileSync(path, 'utf8')), collect)
  return found.filter((value) => value.length >= 4)
}
