/** The few words that stand on the organisation's own page. */
export const words = {
  fa: {
    open: 'گفتگو با ما',
    close: 'بستن گفتگو',
    unread: (count: string) => `گفتگو با ما، ${count} پیام خوانده‌نشده`,
    frame: 'گفتگوی آنلاین',
  },
  en: {
    open: 'Chat with us',
    close: 'Close the chat',
    unread: (count: string) => `Chat with us, ${count} unread`,
    frame: 'Online chat',
  },
};
