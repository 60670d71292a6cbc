export const ITALIAN = `
# Antipasti
Bruschetta al Pomodoro           219  vegan gluten
Burrata with Basil Oil           429  veg milk
Arancini                         269  veg milk gluten egg
Caprese                          309  veg milk gf
Calamari Fritti                  369  molluscs gluten
# Pasta
Spaghetti Aglio e Olio           329  vegan gluten +pasta
Penne Arrabbiata                 319  vegan gluten +spice
Fettuccine Alfredo               369  veg milk gluten egg +protein
Spaghetti Carbonara              399  egg milk gluten
Lasagne della Casa               429  milk egg gluten
Pesto Genovese                   379  veg milk nuts gluten +pasta
Ravioli with Spinach             389  veg milk egg gluten
Gnocchi alla Sorrentina          379  veg milk gluten
Linguine with Prawns             469  shellfish gluten
# Mains
Chicken Parmigiana               449  milk egg gluten
Grilled Sea Bass                 529  fish gf
Melanzane alla Parmigiana        379  veg milk gluten
Risotto ai Funghi                399  veg milk gf
# Salads and soups
Minestrone                       219  vegan celery
Caesar Salad                     299  egg milk gluten fish +protein
Panzanella                       259  vegan gluten
Rocket and Parmesan              279  veg milk
# Dolci
Tiramisu                         279  veg milk egg gluten
Panna Cotta                      229  milk +flavour
Cannoli                          219  veg milk gluten nuts
# Drinks
Sparkling Lemon                   99  vegan drink packaged
Peach Iced Tea                   129  vegan drink
`;

export const PIZZA = `
# Classic pizza
Margherita                       249  veg milk gluten +size +crust
Marinara                         229  vegan gluten +size
Farmhouse                        319  veg milk gluten +size +crust
Pepperoni                        399  milk gluten +size +crust
Quattro Formaggi                 399  veg milk gluten +size
Funghi                           329  veg milk gluten +size
Capricciosa                      389  milk gluten +size
# House pizza
Tandoori Paneer Pizza            359  veg milk gluten +size +extras
Chicken Tikka Pizza              379  halal milk gluten +size
Peri Peri Vegetable Pizza        339  veg milk gluten +size
Barbecue Chicken Pizza           389  halal milk gluten +size
Seafood Pizza                    449  shellfish molluscs milk gluten
Garden Vegan Pizza               349  vegan gluten soy
# Sides
Garlic Bread                     129  veg milk gluten
Cheesy Garlic Bread              169  veg milk gluten
Potato Wedges                    139  vegan +dip
Chicken Wings                    249  halal soy +sauce
Mozzarella Sticks                199  veg milk gluten egg
Baked Pasta                      249  veg milk gluten
Greek Salad                      219  veg milk gf
Calzone                          299  veg milk gluten
# Desserts
Nutella Pizza                    249  veg milk nuts gluten
Choco Lava Cake                  119  veg milk egg gluten
# Drinks
Cola                              60  vegan drink packaged
Lemon Iced Tea                    89  vegan drink
Still Water                       30  vegan drink packaged
`;

export const BURGERS = `
# Beefless classics
Crispy Paneer Burger             189  veg milk gluten +extras
Aloo Tikki Burger                 99  vegan gluten
Double Veggie Burger             179  veg milk gluten +extras
Mushroom Swiss Burger            229  veg milk gluten
Plant Patty Burger               279  vegan gluten soy +extras
# Chicken and lamb
Classic Chicken Burger           199  halal gluten egg +extras
Buttermilk Fried Chicken Burger  259  halal milk gluten egg +spice
Peri Peri Chicken Burger         239  halal gluten egg +spice
Smoky Lamb Burger                299  halal gluten egg +extras
Double Trouble                   329  halal milk gluten egg
Fish Fillet Burger               239  fish gluten egg
# Fries and bites
Salted Fries                      99  vegan +size
Peri Peri Fries                  119  vegan +size
Loaded Cheese Fries              179  veg milk
Chicken Popcorn                  199  halal gluten egg
Onion Rings                      129  vegan gluten +dip
Chicken Strips                   229  halal gluten egg +dip
Jalapeno Poppers                 179  veg milk gluten
# Boxes
Burger Box for One               329  halal gluten egg milk +drink
Veggie Box for One               279  veg gluten milk +drink
Party Bucket                     699  halal gluten egg
# Shakes and sweets
Vanilla Shake                    149  veg milk drink +size
Chocolate Shake                  159  veg milk drink
Salted Caramel Shake             169  veg milk drink
Brownie                          129  veg milk egg gluten nuts
Apple Pie                        109  vegan gluten
Cola                              60  vegan drink packaged
`;

export const MEXICAN = `
# To begin
Nachos with Salsa                189  vegan
Loaded Nachos                    259  veg milk +protein
Guacamole and Chips              279  vegan
Elote                            179  veg milk
Jalapeno Quesadilla              239  veg milk gluten +dip
Chicken Quesadilla               279  milk gluten
# Tacos
Paneer Tacos                     249  veg milk gluten +salsa
Pulled Chicken Tacos             269  gluten +salsa
Baja Fish Tacos                  319  fish gluten egg +salsa
Lamb Barbacoa Tacos              339  gluten
Black Bean Tacos                 229  vegan
# Burritos and bowls
Bean Burrito                     259  vegan gluten +extras
Chicken Burrito                  299  gluten milk +extras
Prawn Burrito                    369  shellfish gluten milk
Burrito Bowl                     289  vegan gf +protein
Fajita Bowl                      309  gf +protein
# Plates
Vegetable Enchiladas             299  veg milk gluten
Chicken Mole                     349  nuts sesame
Chilli con Carne                 339  gf +spice
Tortilla Soup                    189  vegan
# On the side
Mexican Rice                     129  vegan gf
Refried Beans                    119  vegan gf
Sour Cream                        49  veg milk
# Sweet and cold
Churros with Chocolate           179  veg gluten milk egg
Tres Leches                      199  veg milk egg gluten
Horchata                         119  vegan nuts drink
Hibiscus Agua Fresca             109  vegan drink
`;

export const HEALTHY = `
# Bowls
Quinoa Power Bowl                329  vegan gf +dressing
Buddha Bowl                      319  vegan soy sesame +dressing
Grilled Chicken Bowl             349  gf +dressing
Salmon Poke Bowl                 499  fish soy sesame
Tofu Poke Bowl                   379  vegan soy sesame
Millet Khichdi Bowl              249  veg milk gf
Sprouts and Paneer Bowl          269  veg milk
# Salads
Kale Caesar                      299  veg milk egg
Roasted Pumpkin Salad            289  veg milk nuts
Chickpea Crunch Salad            249  vegan gf +dressing
Watermelon Feta Salad            259  veg milk gf
Soba Noodle Salad                279  vegan gluten soy
# Wraps and toasts
Avocado Toast                    289  vegan gluten +egg
Hummus Wrap                      229  vegan gluten sesame
Grilled Chicken Wrap             279  gluten
Egg White Omelette Wrap          239  egg gluten
# Breakfast
Overnight Oats                   199  veg milk nuts +milk
Chia Pudding                     209  vegan nuts
Granola with Yoghurt             219  veg milk nuts gluten
Fruit Plate                      189  vegan jain
# Soups
Roasted Tomato Soup              169  vegan
Lentil and Spinach Soup          179  vegan celery
# Juices
Cold Pressed Orange              149  vegan drink
Green Detox                      169  vegan celery drink
Beetroot and Apple               159  vegan drink
Almond Protein Shake             219  vegan nuts drink +size
Tender Coconut                    89  vegan drink
`;

export const BAKERY = `
# Breads
Sourdough Loaf                   249  vegan gluten
Multigrain Loaf                  219  vegan gluten sesame
Baguette                         129  vegan gluten
Focaccia                         179  vegan gluten
Milk Bread                       149  veg milk gluten egg
# Viennoiserie
Butter Croissant                 129  veg milk gluten egg
Almond Croissant                 179  veg milk gluten egg nuts
Pain au Chocolat                 159  veg milk gluten egg soy
Cinnamon Roll                    149  veg milk gluten egg
# Cakes
Chocolate Truffle Cake           649  veg milk egg gluten +weight +message
Red Velvet Cake                  699  veg milk egg gluten +weight
Eggless Pineapple Cake           599  veg milk gluten egg-free +weight
Carrot Walnut Cake               549  veg egg gluten nuts
Baked Cheesecake                 749  veg milk egg gluten
Lemon Drizzle Loaf               349  veg milk egg gluten
# Pastries and cookies
Black Forest Slice               139  veg milk egg gluten
Fruit Tart                       159  veg milk egg gluten
Macarons                         299  veg egg nuts +pieces
Chocolate Chip Cookies           149  veg milk egg gluten +pieces
Nankhatai                         99  veg milk gluten egg-free
Fudge Brownie                    119  veg milk egg gluten nuts
# Savoury
Vegetable Puff                    49  vegan gluten
Chicken Puff                      69  gluten egg
Paneer Quiche                    189  veg milk egg gluten
Mushroom Danish                  159  veg milk gluten
# Drinks
Hot Chocolate                    169  veg milk drink +milk
Cold Coffee                      149  veg milk drink
`;

export const CAFE = `
# Coffee
Espresso                          99  vegan drink
Cappuccino                       149  veg milk drink +milk
Flat White                       159  veg milk drink +milk
Cafe Latte                       159  veg milk drink +milk +size
Cold Brew                        179  vegan drink
Vietnamese Iced Coffee           189  veg milk drink +sugar
# Tea and more
Darjeeling First Flush           149  vegan drink
Masala Chai                       79  veg milk drink +sugar
Matcha Latte                     219  veg milk drink +milk
Hot Chocolate                    179  veg milk drink
Ginger Lemon Honey               109  veg drink
# All-day breakfast
Pancakes with Maple              249  veg milk egg gluten
Eggs Benedict                    289  egg milk gluten
Masala Omelette                  189  egg +bread
Shakshuka                        269  egg gluten
French Toast                     239  veg milk egg gluten
Big Breakfast                    399  egg milk gluten +egg
# Sandwiches
Chicken Club                     289  egg gluten +bread
Grilled Cheese                   219  veg milk gluten
Pesto Mozzarella Panini          269  veg milk nuts gluten
Smoked Salmon Bagel              379  fish milk gluten
Tuna Melt                        299  fish milk gluten egg
# Small things
Truffle Fries                    219  veg milk +dip
Banana Bread                     139  veg egg gluten nuts
Blueberry Muffin                 149  veg milk egg gluten
Basque Cheesecake                229  veg milk egg
Affogato                         199  veg milk
`;
