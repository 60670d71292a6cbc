export { assertWorksAt, listWorkplaces, type Workplace } from './workplaces.service.ts';
