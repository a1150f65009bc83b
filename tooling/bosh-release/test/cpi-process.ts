import { spawn } from 'node:child_process'

export interface Answer {
  readonly result: unknown
  readonly error: { readonly type: string; readonly message: string; readonly ok_to_retry: boolean } | null
}

/** Starts a rendered `bin/cpi` with nothing but the given environment; a non-zero exit is a failure, as for the CLI. */
export function callCpi(
  executable: string,
  environment: Readonly<Record<string, string>>,
  request: unknown,
): Promise<Answer & { readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, [], { env: environment, stdio: 'pipe', cwd: '/' })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`bin/cpi ended with ${code}: ${stderr}`))
      else resolve({ ...(JSON.parse(stdout) as Answer), stderr })
    })
    child.stdin.end(JSON.stringify(request))
  })
}
