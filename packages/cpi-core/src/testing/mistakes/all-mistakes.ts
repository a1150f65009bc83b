import { attachmentMistakes } from './attachment-mistakes.ts'
import { createVmMistakes } from './create-vm-mistakes.ts'
import { diskMistakes } from './disk-mistakes.ts'
import type { Mistake } from './mistake.ts'
import { neighbourMistakes } from './neighbour-mistakes.ts'
import { otherMistakes } from './other-mistakes.ts'
import { vmMistakes } from './vm-mistakes.ts'

/** Every mistake that `describeCpiMistakes` makes. */
export const allMistakes: readonly Mistake[] = [
  ...createVmMistakes,
  ...vmMistakes,
  ...diskMistakes,
  ...attachmentMistakes,
  ...neighbourMistakes,
  ...otherMistakes,
]
