/** The address of something on the server: `at('customers', id)`. */
export const at = (...parts: string[]) => `/api/${parts.map(encodeURIComponent).join('/')}`;
