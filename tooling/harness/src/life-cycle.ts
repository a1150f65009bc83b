import { readYaml, runScript, type ScriptedCall, type Values } from './call-script.ts'
import type { CloudDescription } from './cloud-description.ts'
import { manualNetwork, vmType } from './create-vm.ts'
import type { CpiAnswer, Director } from './director.ts'
import { stemcellCloudProperties } from './stemcell.ts'

const script: readonly (ScriptedCall & { readonly purpose: string })[] = readYaml('life-cycle.yaml', import.meta.url)

interface LifeCycleOptions {
  readonly director: Pick<Director, 'call'>
  readonly cloud: CloudDescription
  /** The `image` file of a heavy stemcell. */
  readonly imagePath: string
  /** On network `bosh-net`. */
  readonly ip: string
  /** Is told of each call; its purpose is in the words of an operator. */
  readonly onStep?: (method: string, purpose: string, answer: CpiAnswer) => void
}

/** Makes the calls of life-cycle.yaml. Stops at the first error answer, which is the last step then. */
export async function runLifeCycle({ director, cloud, imagePath, ip, onStep }: LifeCycleOptions): Promise<void> {
  const values: Values = {
    image: imagePath,
    stemcellProperties: stemcellCloudProperties,
    vmType: vmType(cloud),
    networks: { default: manualNetwork(cloud, 'bosh-net', ip) },
  }
  const send = (step: ScriptedCall) => director.call(step.call, step.arguments)
  await runScript(script, values, send, ({ call, purpose }, answer) => onStep?.(call, purpose, answer))
}
