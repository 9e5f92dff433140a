/** Written with a change, in its own commit: saved searches look at it from that moment on. */
export const owedToListening = 'listen';
/** …and then whoever counts praise and help. */
export const owedToAdvocates = 'advocate';
