import type { ReactNode } from 'react';
import { may, type Permission } from '../../../shared/access.ts';
import {
  Building,
  CopyCheck,
  FileUp,
  ListFilter,
  type LucideIcon,
  ShieldCheck,
  Users,
} from '../../components/icons.ts';
import { type CustomerCatalog, useCustomerWords } from '../../i18n/customer-words.ts';
import { useMe } from '../../state/hooks.tsx';
import { DuplicateCount } from '../duplicates/count.tsx';
import { Area } from '../shell/area.tsx';

type Part = Exclude<keyof CustomerCatalog['customersArea'], 'label'>;

/** The pages of the area, in the order of their list. */
const parts: { part: Part; href: string; icon: LucideIcon; permission: Permission }[] = [
  { part: 'all', href: '/customers', icon: Users, permission: 'customer.read' },
  { part: 'segments', href: '/customers/segments', icon: ListFilter, permission: 'customer.read' },
  { part: 'companies', href: '/customers/companies', icon: Building, permission: 'customer.read' },
  { part: 'duplicates', href: '/customers/duplicates', icon: CopyCheck, permission: 'customer.link' },
  { part: 'quality', href: '/customers/quality', icon: ShieldCheck, permission: 'quality.read' },
  { part: 'imports', href: '/customers/imports', icon: FileUp, permission: 'customer.import' },
];

export interface AreaProps {
  part: Part;
  /** Of the window, where it is not the part's own. */
  name?: string;
  title?: ReactNode;
  text?: ReactNode;
  actions?: ReactNode;
  /** The page scrolls inside, e.g. a table that fills the height; else the page does. */
  fills?: boolean;
  children: ReactNode;
}

/** A page about customers: the parts of the area at its side, its name and deeds, its content. */
export function CustomersArea({ part, name, ...rest }: AreaProps) {
  const { customersArea: words } = useCustomerWords();
  const me = useMe();
  const allowed = parts.filter(({ permission }) => may(me, permission));
  return (
    <Area
      {...rest}
      label={words.label}
      name={name ?? words[part]}
      parts={allowed.map(({ part: each, href, icon }) => ({
        href,
        icon,
        name: words[each],
        count: each === 'duplicates' && <DuplicateCount />,
      }))}
    />
  );
}
