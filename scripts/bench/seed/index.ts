import type { Child } from '../child.ts';
import { interleave, type Contender, type Load, type MeteredSample, type Scores } from '../interleave.ts';
import { onStage, type Stage } from '../stage.ts';
import { toFigure } from '../statistics.ts';
import type { Bench, BenchOptions, BenchReport, Figure } from '../types.ts';

/** domain.md section 6. */
const DEMO_SECONDS = 60;
const ONE_CITY: Load = { inFlight: 1, count: 1 };
const SOURCE = 'city_source';

export const seedBench: Bench = {
  name: 'seed',
  title: 'seed: the sample city of the demo, against writing its rows by the driver alone',
  run: (options) => onStage(import.meta.dirname, options.say, (stage) => measure(stage, options)),
};

async function measure(stage: Stage, { rounds, say }: BenchOptions): Promise<BenchReport> {
  say('Writing the city that the baseline copies');
  const source = inDatabase(stage, SOURCE);
  await source.call('prepare');
  await source.call('write');
  const rows = await source.call<number>('count');
  await source.stop();
  const ours = contender(stage, 'ours', (city) => city.call<MeteredSample>('write'));
  const bare = contender(stage, 'bare', async (city) => {
    await city.call('read', { database: SOURCE });
    return city.call<MeteredSample>('copy');
  });
  say(`${rounds} rounds`);
  return {
    figures: figuresOf(await interleave([ours, bare], ONE_CITY, rounds)),
    notes: [
      'Each writes into an empty database of its own; the clock begins when the indexes stand. The baseline has the rows in its memory, ours makes them.',
    ],
    facts: [`${rows} rows`, `${rounds} rounds`],
  };
}

function contender(stage: Stage, name: string, write: (city: Child) => Promise<MeteredSample>): Contender {
  return {
    name,
    async run() {
      const city = inDatabase(stage, `city_${name}`);
      await city.call('prepare');
      const sample = await write(city);
      await city.call('drop');
      await city.stop();
      return sample;
    },
  };
}

function inDatabase(stage: Stage, name: string): Child {
  return stage.startContender('city', { MONGODB_URI: stage.uri.replace('/quickbite?', `/${name}?`) });
}

function figuresOf(scores: Scores): Figure[] {
  const seconds = (name: string) => scores.map((round) => (round[name]?.p50 ?? 0) / 1000);
  const pairs = (baseline: readonly number[]) =>
    seconds('ours').map((ours, round) => ({ ours, baseline: baseline[round] ?? DEMO_SECONDS }));
  return [
    toFigure({ figure: 'seed, profile demo, against 60 s', unit: 's', target: 1, rounds: pairs([]) }),
    toFigure({
      figure: 'seed, profile demo, against its rows by the driver alone',
      unit: 's',
      target: null,
      rounds: pairs(seconds('bare')),
    }),
    toFigure({
      figure: 'seed, profile demo, against its rows by the driver alone, processor time',
      unit: 'ms',
      target: null,
      rounds: scores.map((round) => ({ ours: round['ours']?.cpu ?? 0, baseline: round['bare']?.cpu ?? 0 })),
    }),
  ];
}
