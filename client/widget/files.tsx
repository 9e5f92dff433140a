/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks';
import type { VisitorFile } from '../../shared/visitor.ts';
import { plainName } from '../lib/bidi.ts';
import type { Chat } from './chat.ts';
import { Icon } from './icon.tsx';
import type { Speech } from './speech.ts';

/** Pictures that a browser shows itself; everything else is only ever saved. */
const shown = /^image\/(?:png|jpeg|gif|webp|avif)$/;
/** Object addresses by file: fetched once for as long as the panel lives. */
const fetched = new Map<string, Promise<string>>();

function addressOf(chat: Chat, file: VisitorFile): Promise<string> {
  let address = fetched.get(file.id);
  if (!address) {
    address = chat.bytes(file).then((blob) => URL.createObjectURL(blob));
    fetched.set(file.id, address);
    address.catch(() => fetched.delete(file.id));
  }
  return address;
}

export function File({ chat, file, speech }: { chat: Chat; file: VisitorFile; speech: Speech }) {
  const { t } = speech;
  const name = plainName(file.name) || '…';
  const isPicture = shown.test(file.type) && !file.dangerous && file.state === 'ready';
  const [address, setAddress] = useState('');
  const [lost, setLost] = useState(file.state === 'failed');
  useEffect(() => {
    setLost(file.state === 'failed');
    if (!isPicture) return;
    let gone = false;
    addressOf(chat, file).then(
      (found) => gone || setAddress(found),
      () => gone || setLost(true),
    );
    return () => {
      gone = true;
    };
  }, [chat, file, isPicture]);
  const save = async () => {
    try {
      const link = document.createElement('a');
      link.href = await addressOf(chat, file);
      link.download = name;
      link.click();
      setLost(false);
    } catch {
      setLost(true);
    }
  };
  const [width, height] = [file.width ?? 4, file.height ?? 3];
  return isPicture && !lost ? (
    <button type="button" class="picture" onClick={save} aria-label={t.download(name)}>
      <img src={address || undefined} alt={t.picture(name)} width={width} height={height} />
    </button>
  ) : (
    <button
      type="button"
      class="file"
      onClick={save}
      disabled={file.state !== 'ready'}
      aria-label={t.download(name)}
    >
      <Icon name="file" />
      <span>
        <bdi>{name}</bdi>
        <small>
          {lost
            ? t.fileLost
            : file.state === 'pending'
              ? t.preparing
              : file.bytes
                ? speech.bytes(file.bytes)
                : ''}
        </small>
      </span>
    </button>
  );
}
