/** The message that a code goes out with, in the customer's language. */
export interface VerificationWords {
  /** Of a letter. */
  subject(organisation: string): string;
  text(options: { organisation: string; code: string; minutes: number }): string;
}

const words: Record<'fa' | 'en', VerificationWords> = {
  fa: {
    subject: (organisation) => `کد تأیید ${organisation}`,
    text: ({ organisation, code, minutes }) =>
      [
        `کد تأیید شما در ${organisation}: ${code}`,
        `این کد تا ${minutes.toLocaleString('fa')} دقیقه معتبر است. آن را فقط در همان گفتگویی که با ما دارید بگویید.`,
        'اگر شما نخواسته‌اید، این پیام را نادیده بگیرید.',
      ].join('\n'),
  },
  en: {
    subject: (organisation) => `Your code for ${organisation}`,
    text: ({ organisation, code, minutes }) =>
      [
        `Your ${organisation} code: ${code}`,
        `It is valid for ${minutes} minutes. Say it only in the conversation you are having with us.`,
        'If you did not ask for it, ignore this message.',
      ].join('\n'),
  },
};

/** @param languages the customer's first, then the organisation's; one we have no words in is passed over */
export function verificationWords(languages: readonly (string | undefined)[]): VerificationWords {
  for (const language of languages) {
    const plain = language?.toLowerCase().split('-')[0];
    if (plain === 'fa' || plain === 'en') return words[plain];
  }
  return words.fa;
}
