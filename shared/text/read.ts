/** Something a person wrote, as it is kept; or what is wrong with it, in a sentence that says what would be right. */
export type Read =
  | { ok: true; value: string; display: string }
  | {
      ok: false;
      message: string;
      /** What was probably meant; to be confirmed, never taken by itself. */
      suggestion: string | null;
    };
