import type { ReactNode } from 'react';
import {
  Activity,
  Bell,
  FileWarning,
  Keyboard,
  KeyRound,
  List,
  MessageSquareText,
  Radio,
  Tag,
  User,
  Users,
  UsersRound,
} from '../../components/icons.ts';
import type { SectionId } from './sections.ts';

const icons: Record<SectionId, typeof User> = {
  profile: User,
  notifications: Bell,
  shortcuts: Keyboard,
  canned: MessageSquareText,
  tags: Tag,
  teams: UsersRound,
  users: Users,
  channels: Radio,
  health: Activity,
  inbound: FileWarning,
  fields: List,
  apiKeys: KeyRound,
};

export function sectionIcon(id: SectionId, size: number): ReactNode {
  const Icon = icons[id];
  return <Icon size={size} aria-hidden />;
}
