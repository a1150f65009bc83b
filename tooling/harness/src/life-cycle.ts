import { readYaml, runScript, type ScriptedCall, type Values } from './call-script.ts'
import type { CloudDescription } from './cloud-description.ts'
import { manualNetwork, vmType } from './create-vm.ts'
import type { CpiAnswer, Director } from './director.ts'
import { stemcellCloudProperties } from './stemcell.ts'

const script: readonly (ScriptedCall & { readonly purpose: string })[] = readYaml('life-cycle.yaml', import.meta.url)

/** One call of the life cycle, and what it was for. */
export interface Step {
  readonly method: string
  /** In the words of an operator. */
  readonly purpose: string
  readonly answer: CpiAnswer
}

export interface LifeCycleOptions {
  readonly director: Pick<Director, 'call'>
  readonly cloud: CloudDescription
  /** The `image` file of a heavy stemcell. */
  readonly imagePath: string
  /** On network `bosh-net`. */
  readonly ip: string
  readonly onStep?: (step: Step) => void
}

/** Makes the calls of life-cycle.yaml. Stops at the first error answer, which is the last step then. */
export async function runLifeCycle(options: LifeCycleOptions): Promise<readonly Step[]> {
  const { director, cloud, imagePath, ip, onStep } = options
  const steps: Step[] = []
  const values: Values = {
    image: imagePath,
    stemcellProperties: stemcellCloudProperties,
    vmType: vmType(cloud),
    networks: { default: manualNetwork(cloud, 'bosh-net', ip) },
  }
  const send = (step: ScriptedCall) => director.call(step.call, step.arguments)
  await runScript(script, values, send, ({ call, purpose }, answer) => {
    const step = { method: call, purpose, answer }
    steps.push(step)
    onStep?.(step)
  })
  return steps
}
