/** Prices in cents: Port Clement pays in euros. */
export const BISTRO = `
# Entrées
Soupe à l’oignon gratinée        890  veg milk gluten celery
Œufs mayonnaise                  690  veg egg mustard gf
Poireaux vinaigrette             790  vegan mustard gf
Terrine de campagne              950  gluten nuts
Salade de chèvre chaud          1090  veg milk gluten nuts
Huîtres de la baie, les six     1490  molluscs gf
# Plats
Bœuf bourguignon                1790  gluten celery
Entrecôte, sauce au poivre      2290  milk gf +cuisson +garniture
Confit de canard                1890  gf +garniture
Moules marinières               1490  molluscs milk celery gf +garniture
Sole meunière                   2390  fish milk gluten
Blanquette de veau              1690  milk celery gluten
Cassoulet                       1790  celery
Ratatouille au four             1290  vegan gf
Tartare de bœuf                 1750  egg mustard gf +garniture
Croque-madame                   1090  milk egg gluten
# Desserts
Crème brûlée                     750  veg milk egg gf
Mousse au chocolat               690  veg milk egg gf
Tarte Tatin                      790  veg milk gluten egg
Île flottante                    690  veg milk egg nuts gf
# Boissons
Citronnade maison                450  vegan drink
Eau gazeuse                      290  vegan drink packaged
`;

export const CREPERIE = `
# Galettes de sarrasin
Galette complète                 990  milk egg gf +garniture
Galette au beurre salé           450  veg milk gf
Galette forestière              1090  veg milk egg gf
Galette de la mer               1350  shellfish molluscs milk gf
Galette au saumon fumé          1290  fish milk gf
Galette chèvre et miel          1090  veg milk nuts gf
Galette andouille et moutarde   1150  milk mustard gf
# Crêpes de froment
Crêpe au sucre                   350  veg milk egg gluten
Crêpe beurre et citron           420  veg milk egg gluten
Crêpe caramel au beurre salé     590  veg milk egg gluten +chantilly
Crêpe chocolat maison            590  veg milk egg gluten +chantilly
Crêpe Suzette                    790  veg milk egg gluten
Crêpe pomme et cannelle          650  veg milk egg gluten +chantilly
# Salades
Salade du port                  1190  fish egg mustard gf
Salade paysanne                 1090  egg milk gf
# Boissons
Cidre brut, la bolée             390  vegan alcohol
Jus de pomme fermier             350  vegan drink
Thé glacé à la menthe            390  vegan drink
`;

export const BOULANGERIE = `
# Pains
Baguette de tradition            140  vegan gluten
Pain de campagne                 390  vegan gluten
Pain aux noix                    450  vegan gluten nuts
Fougasse aux olives              420  vegan gluten
# Viennoiseries
Croissant au beurre              140  veg milk egg gluten +quantite
Pain au chocolat                 160  veg milk egg gluten +quantite
Chausson aux pommes              220  veg milk egg gluten
Brioche à tête                   190  veg milk egg gluten
Kouign-amann                     320  veg milk gluten
# Sandwichs et tartes
Jambon-beurre                    520  milk gluten
Sandwich thon et crudités        590  fish egg gluten
Quiche lorraine                  590  milk egg gluten
Tarte aux poireaux               550  veg milk egg gluten
# Pâtisseries
Éclair au café                   380  veg milk egg gluten
Paris-Brest                      450  veg milk egg nuts gluten
Religieuse au chocolat           420  veg milk egg gluten
Tartelette au citron             420  veg milk egg gluten
Macarons, la boîte de six        990  veg egg nuts gf
# Boissons chaudes
Café crème                       320  veg milk drink +lait
Chocolat chaud                   390  veg milk drink
`;
