/** Emoji and faces with their weights. */
export const emojiWeights: Readonly<Record<string, number>> = weights(`
3 😍 🥰 🤩 💯 🏆 🥇 ❤ 💖 💗 💓 💞 💕 💘 💝 😻 🌟
2 😊 😀 😃 😄 😁 ☺ 🙂 😘 😎 🤗 👍 👌 🙏 🎉 🥳 💪 🌹 🌸 🌷 💐 ✨ ⭐ 🔥 💙 💚 💛 🧡 💜 🤍 😇 🙌 🤝 😋 🤤 ✅ 🎊 🍀 💎 👑 🫶 🥂 💃 🕺
1 :) 👏 😉 😆 😅 🌺 🌼 🎁 😌 🤓
-1 😐 😑 🤔 😕 🙁 ☹ 😟 😔 😞 😬 😴 🥱 🤨 :/ 🥲 😶 🫤 😓 🤷 🤦
-2 :( 😢 😭 😥 😩 😫 😖 😣 😒 👎 💔 😤 😠 🤢 😪 😰 😨 😱 🙃 🤥 ❌ ⛔ 🚫 😿 🥴 🐌 🐢
-3 😡 🤬 🤮 💩 🖕 👿 😾 🤡 ☠ 💀
`);

/** Of those that mock: after praise they turn it round. */
export const mocking: ReadonlySet<string> = new Set([
  '🙄',
  '😒',
  '🙃',
  '👏',
  '🤡',
  '😏',
  '😑',
  '🐌',
  '🐢',
  '🤦',
  '🥲',
  '😐',
  '💀',
  '😤',
  '🤷',
  '🤥',
  '😴',
]);

function weights(lines: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const line of lines.trim().split('\n')) {
    const [weight = '0', ...signs] = line.split(' ');
    for (const sign of signs) found[sign] = Number(weight);
  }
  return found;
}
