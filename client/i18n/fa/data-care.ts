/** Clean data: merging, duplicates, quality, imports, segments, custom fields and API keys. */
export const dataCare = {};
