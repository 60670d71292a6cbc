import { dependencyRules } from './scripts/architecture/dependency-rules.ts';
import { cruiseOptions } from './scripts/architecture/cruise-options.ts';

/** @type {import('dependency-cruiser').IConfiguration} */
export default { forbidden: dependencyRules(), options: cruiseOptions };
