import { type Command, InvalidArgumentError } from 'commander';
import type { Commands, RulesTrial } from './commands.ts';
import type { Io } from './io.ts';

export function addRules(program: Command, commands: Commands, io: Io): void {
  program
    .command('rules')
    .description('aturan di hub.yaml')
    .command('try')
    .description('menunjukkan akibat aturan bagi kiriman terakhir; tidak mengubah apa pun')
    .option('--last <jumlah>', 'sekian kiriman terakhir', numberOf, 200)
    .action(async ({ last }: { last: number }) => io.out(describeTrial(await commands.tryRules(last))));
}

const MOST = 10_000;

function numberOf(written: string): number {
  const last = Number(written);
  if (!Number.isInteger(last) || last < 1 || last > MOST)
    throw new InvalidArgumentError(`tulis bilangan 1 sampai ${MOST}`);
  return last;
}

export function describeTrial({ looked, untouched, rules }: RulesTrial): string {
  const width = Math.max(0, ...rules.map(({ rule }) => rule.length));
  const lines = rules.flatMap(({ rule, count, effect, workedOn, examples }) => [
    `${rule.padEnd(width)} ${String(count).padStart(6)}  ${effect}`,
    ...(workedOn > 0 ? [`  PERIKSA: ${workedOn} di antaranya kini dikerjakan petugas sebagai aduan`] : []),
    ...examples.map(({ channel, text }) => `  ${channel}: ${text || '(tanpa teks)'}`),
  ]);
  return `${[
    `${looked} kiriman terakhir; ${untouched} tidak dikenai aturan apa pun. Tidak ada yang diubah.`,
    ...(rules.length > 0 ? lines : ['Belum ada aturan (routing) di hub.yaml.']),
  ].join('\n')}\n`;
}
