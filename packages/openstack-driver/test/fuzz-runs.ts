/** How often a property is tried: as often as usual, or `FUZZ_FACTOR` times that (`npm run fuzz`). */
export const fuzzRuns = (usual: number): number => usual * (Number(process.env['FUZZ_FACTOR'] ?? '') || 1)
