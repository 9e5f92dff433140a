/** What stands around the team's answers when they are sent after a visitor who has gone. */
export interface FollowUpWords {
  /** Of a letter. */
  subject(site: string): string;
  opening(site: string): string;
  /** Where a further word reaches us. */
  closing: string;
  stop(url: string): string;
  /** A file that does not travel along. */
  file(name: string): string;
}

export const followUpWords: Record<'fa' | 'en', FollowUpWords> = {
  fa: {
    subject: (site) => `پاسخ گفتگوی شما با ${site}`,
    opening: (site) => `در گفتگوی سایت ${site} به شما پاسخ دادیم:`,
    closing: 'می‌توانید به همین پیام پاسخ دهید یا به گفتگوی سایت بازگردید.',
    stop: (url) => `نمی‌خواهید پاسخ‌ها را این‌گونه بگیرید؟ ${url}`,
    file: (name) => `فایل «${name}» در گفتگوی سایت است.`,
  },
  en: {
    subject: (site) => `An answer to your chat with ${site}`,
    opening: (site) => `We answered you in the chat of ${site}:`,
    closing: 'You can answer this message, or come back to the chat.',
    stop: (url) => `Do not want answers this way? ${url}`,
    file: (name) => `The file “${name}” is in the chat.`,
  },
};
