import type { ReactNode } from 'react';
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components/Tabs';
import { cx } from './cx.ts';

export interface TabItem<Id extends string> {
  id: Id;
  label: ReactNode;
  content: ReactNode;
}

export interface TabsProps<Id extends string> {
  label: string;
  items: readonly TabItem<Id>[];
  value: Id;
  onChange: (id: Id) => void;
  className?: string;
}

export function Tabs<Id extends string>({ label, items, value, onChange, className }: TabsProps<Id>) {
  return (
    <AriaTabs
      selectedKey={value}
      onSelectionChange={(key) => {
        const chosen = items.find((item) => item.id === key);
        if (chosen) onChange(chosen.id);
      }}
      className={cx('flex flex-col', className)}
    >
      <TabList aria-label={label} className="flex gap-4 border-b border-line">
        {items.map((item) => (
          <Tab
            key={item.id}
            id={item.id}
            className="-mb-px flex min-h-9 cursor-default items-center gap-1.5 border-b-2 border-transparent text-sm font-medium text-ink-muted transition-colors hover:text-ink data-selected:border-accent data-selected:text-accent-ink"
          >
            {item.label}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className="min-h-0 flex-1 pt-3 outline-none">
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
