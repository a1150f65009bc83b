import { expect, test } from 'vitest'
import { describeSample, isInSample, readSample } from './sample.ts'

const names = Array.from({ length: 2000 }, (_, index) => `scenario / place / ${index}`)

test('a seed chooses the same cells again, about the share of them, and another seed others', () => {
  const chosen = (seed: number) => names.filter((name) => isInSample({ share: 1 / 16, seed }, name))
  expect(chosen(1)).toEqual(chosen(1))
  expect(chosen(1)).not.toEqual(chosen(2))
  expect(chosen(1).length).toBeGreaterThan(60)
  expect(chosen(1).length).toBeLessThan(190)
})

test('the whole matrix contains every cell', () => {
  const sample = readSample({ MATRIX: 'whole' }, 1)
  expect(names.filter((name) => !isInSample(sample, name))).toEqual([])
})

test('the seed of the environment is used and printed; wrong values are refused', () => {
  expect(describeSample(readSample({ MATRIX_SEED: '42' }, 1))).toContain('MATRIX_SEED=42')
  expect(() => readSample({ MATRIX_SEED: 'x' }, 1)).toThrow('MATRIX_SEED must be an integer')
  expect(() => readSample({ MATRIX: 'half' }, 1)).toThrow('MATRIX must be sample or whole')
})
