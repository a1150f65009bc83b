/** Where the parts of the suite, which run side by side, put what the table at the end is made of. */
export const outcomesFolder = new URL('../.test-results/outcomes/', import.meta.url)
